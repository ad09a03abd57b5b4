/// Finds the end of a body of any framing in bytes that pass unchanged.
package enum BodyScanner: Equatable, Sendable {
    /// Bytes that are to come.
    case length(UInt64)
    case chunked(ChunkedScanner)
    case untilClose

    /// - Parameter isResponse: whether a chunked body is read leniently.
    package init(_ framing: BodyFraming, isResponse: Bool) {
        switch framing {
        case .none: self = .length(0)
        case .length(let length): self = .length(length)
        case .chunked: self = .chunked(ChunkedScanner(isLenient: isResponse))
        case .untilClose: self = .untilClose
        }
    }

    /// Whether the body has ended without another byte.
    package var isEmpty: Bool { self == .length(0) }

    /// - Parameter bytes: the bytes that follow those of the last call.
    package mutating func scan(_ bytes: Span<UInt8>) -> BodyProgress {
        switch self {
        case .untilClose: return .more
        case .length(let remaining):
            let taken = min(remaining, UInt64(bytes.count))
            self = .length(remaining - taken)
            return taken == remaining ? .ended(at: Int(taken)) : .more
        case .chunked(var scanner):
            let progress = scanner.scan(bytes)
            self = .chunked(scanner)
            return progress
        }
    }

    package mutating func scan(_ bytes: [UInt8]) -> BodyProgress { scan(bytes.span) }
}
