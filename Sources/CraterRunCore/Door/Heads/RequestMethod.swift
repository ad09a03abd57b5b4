/// A request's method, as far as a proxy treats methods differently (RFC 9110, 9.3; RFC 5789 for PATCH).
package enum RequestMethod: UInt8, Sendable {
    case get, head, post, put, delete, options, trace, patch, other

    /// Whether the client asks for no change (RFC 9110, 9.2.1).
    package var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        case .post, .put, .delete, .patch, .other: false
        }
    }

    /// Methods are compared byte for byte: `get` is another method than `GET` (RFC 9110, 9.1).
    init(_ name: ArraySlice<UInt8>) {
        let (first, length) = (name.first, name.count)
        let candidate: (RequestMethod, String)? =
            switch (first, length) {
            case (UInt8(ascii: "G"), 3): (.get, "GET")
            case (UInt8(ascii: "H"), 4): (.head, "HEAD")
            case (UInt8(ascii: "P"), 4): (.post, "POST")
            case (UInt8(ascii: "P"), 3): (.put, "PUT")
            case (UInt8(ascii: "D"), 6): (.delete, "DELETE")
            case (UInt8(ascii: "O"), 7): (.options, "OPTIONS")
            case (UInt8(ascii: "T"), 5): (.trace, "TRACE")
            case (UInt8(ascii: "P"), 5): (.patch, "PATCH")
            default: nil
            }
        self = candidate.flatMap { name.elementsEqual($0.1.utf8) ? $0.0 : nil } ?? .other
    }
}
