/// Finds the end of a chunked body (RFC 9112, 7.1) in bytes that pass unchanged, with chunk extensions and trailers.
package struct ChunkedScanner: Sendable {
    package enum Progress: Equatable, Sendable {
        /// All of these bytes belong to the body, and more are to come.
        case more
        /// The body is the first so many of these bytes.
        case ended(at: Int)
        /// The bytes up to this one are in order, and this one is not.
        case malformed(at: Int)
    }

    private let isLenient: Bool

    /// - Parameter isLenient: whether a bare LF ends a line and spaces may follow a chunk's size: for an app's response.
    package init(isLenient: Bool) { self.isLenient = isLenient }

    /// - Parameter bytes: the bytes that follow those of the last call.
    package mutating func scan(_ bytes: Span<UInt8>) -> Progress { .more }

    package mutating func scan(_ bytes: [UInt8]) -> Progress { scan(bytes.span) }
}
