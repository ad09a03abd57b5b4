/// The host under which the platform's ingress is reached from outside, with a port if it has one: valid.
package struct PublicHost: Hashable, Sendable, CustomStringConvertible {
    /// Why a text is not a valid host.
    package enum ValidationError: Error, Equatable, Sendable, CustomStringConvertible {
        case empty
        case otherScheme
        case hasPath
        case badHost
        case badPort

        /// What is wrong, as the end of a sentence.
        package var reason: String {
            switch self {
            case .empty: "it is empty"
            case .otherScheme: "it is not https"
            case .hasPath: "it has a path, and only the host is wanted"
            case .badHost: "it is not a host name such as crater.example.org"
            case .badPort: "its port is not a number from 1 to 65535"
            }
        }

        package var description: String { reason }
    }

    /// The host in lower case, since case has no meaning in it: `crater.example.org`, `[2001:db8::1]:8443`.
    package let description: String

    /// Accepts `host` and `host:port`; `https://` may stand before it, and one slash after it.
    package init(_ text: String) throws(ValidationError) {
        var host = Array(text.lowercased().utf8)[...]
        let scheme = "https://".utf8
        if host.starts(with: scheme) { host = host.dropFirst(scheme.count) }
        guard !host.starts(with: "http://".utf8) else { throw .otherScheme }
        if host.last == Byte.slash { host = host.dropLast() }
        guard !host.contains(Byte.slash) else { throw .hasPath }
        guard !host.isEmpty else { throw .empty }
        try Self.validate(host)
        description = String(decoding: host, as: UTF8.self)
    }

    private static func validate(_ text: ArraySlice<UInt8>) throws(ValidationError) {
        let isAddress = text.first == UInt8(ascii: "[")
        // A colon inside brackets is part of an IPv6 address.
        let nameEnd = isAddress ? text.firstIndex(of: UInt8(ascii: "]")) : text.firstIndex(of: Byte.colon)
        let host = text[..<(nameEnd ?? text.endIndex)]
        guard isAddress ? nameEnd != nil && Self.isAddress(host.dropFirst()) : isName(host) else { throw .badHost }
        // What follows the name or the closing bracket: a colon and the port, or nothing.
        let port = text[host.endIndex...].dropFirst(isAddress ? 1 : 0)
        guard !port.isEmpty else { return }
        let digits = port.dropFirst()
        guard port.first == Byte.colon, digits.allSatisfy(Byte.isDigit),
            let number = UInt16(String(decoding: digits, as: UTF8.self)), number > 0
        else { throw .badPort }
    }

    /// RFC 1123: labels of 1 to 63 letters, digits and hyphens, with no hyphen at either end; 253 bytes in all.
    private static func isName(_ host: ArraySlice<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return host.count <= 253
            && host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
                (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { Byte.isLowercaseLetter($0) || Byte.isDigit($0) || $0 == hyphen }
            }
    }

    /// Whether the text between the brackets of `[2001:db8::1]` looks like an address. Only its characters are checked,
    /// since only a browser uses it.
    private static func isAddress(_ address: ArraySlice<UInt8>) -> Bool {
        (2...45).contains(address.count) && address.contains(Byte.colon)
            && address.allSatisfy { Byte.hexValue($0) != nil || $0 == Byte.colon || $0 == UInt8(ascii: ".") }
    }
}
