/// Writes the heads that go on: to the app and back to the client. What is not changed keeps its bytes, its order and its
/// duplicates.
package enum ForwardedHead {
    /// How many bytes the door adds to most heads.
    static let usualGrowth = 512

    /// Whether a Connection header names this one, which then belongs to the connection and does not go on (RFC 9110,
    /// 7.6.1). Headers without which the message would be another one always go on.
    static func isNamed(_ field: HeaderField, in headers: HeaderFields) -> Bool {
        switch field.known {
        case .host, .contentLength, .transferEncoding, .expect, .upgrade, .connection: return false
        case .xForwardedFor, .xForwardedProto, .xForwardedHost: return false
        default: break
        }
        let name = headers.slice(field.name)
        var isNamed = false
        headers.forEachMember(of: .connection) { member in
            guard !isNamed, member.count == name.count else { return }
            isNamed = zip(member, name).allSatisfy { Byte.lowercase($0) == Byte.lowercase($1) }
        }
        return isNamed
    }

    /// Takes an array out of its variable, so that the array can grow in place.
    static func take(_ output: inout [UInt8]) -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &output)
        return taken
    }
}
