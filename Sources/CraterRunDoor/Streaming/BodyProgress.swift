package import CraterRunCore

/// How far a body has passed. The bytes are counted and never changed.
package enum BodyProgress: Sendable {
    case ended
    /// So many bytes are to come, at least one.
    case length(UInt64)
    case chunked(ChunkedScanner)
    case untilClose

    /// How many of the bytes given belong to the body.
    package struct Part: Equatable, Sendable {
        package let count: Int
        /// Whether what follows is no chunk. Where the body ends is then unknown.
        package let isMalformed: Bool
    }

    /// - Parameter isLenient: see ``ChunkedScanner/init(isLenient:)``.
    package init(_ framing: BodyFraming, isLenient: Bool) {
        switch framing {
        case .none: self = .ended
        case .length(let length): self = length == 0 ? .ended : .length(length)
        case .chunked: self = .chunked(ChunkedScanner(isLenient: isLenient))
        case .untilClose: self = .untilClose
        }
    }

    package var isEnded: Bool {
        if case .ended = self { true } else { false }
    }

    /// Whether only the end of the connection shows that the body is whole.
    package var isUntilClose: Bool {
        if case .untilClose = self { true } else { false }
    }

    /// Takes in the bytes that come next.
    package mutating func take(_ bytes: Span<UInt8>) -> Part {
        switch self {
        case .ended: return Part(count: 0, isMalformed: false)
        case .untilClose: return Part(count: bytes.count, isMalformed: false)
        case .length(let rest):
            guard rest > UInt64(bytes.count) else {
                self = .ended
                return Part(count: Int(rest), isMalformed: false)
            }
            self = .length(rest - UInt64(bytes.count))
            return Part(count: bytes.count, isMalformed: false)
        case .chunked(var scanner):
            let progress = scanner.scan(bytes)
            switch progress {
            case .more:
                self = .chunked(scanner)
                return Part(count: bytes.count, isMalformed: false)
            case .ended(let count):
                self = .ended
                return Part(count: count, isMalformed: false)
            case .malformed(let count):
                return Part(count: count, isMalformed: true)
            }
        }
    }
}
