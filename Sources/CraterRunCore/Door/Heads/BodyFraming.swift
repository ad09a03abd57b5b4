/// How the end of a message's body is found (RFC 9112, 6.3).
package enum BodyFraming: Equatable, Sendable {
    case none
    /// Bytes; at most `Int.max`.
    case length(UInt64)
    case chunked
    /// The body ends with the connection. Only a response has this framing.
    case untilClose
}
