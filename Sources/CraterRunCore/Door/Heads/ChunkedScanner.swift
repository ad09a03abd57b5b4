/// Finds the end of a chunked body (RFC 9112, 7.1) in bytes that pass unchanged, with chunk extensions and trailers.
package struct ChunkedScanner: Equatable, Sendable {
    /// What bytes are to the body that they belong to.
    package enum Progress: Equatable, Sendable {
        /// All of these bytes belong to the body, and more can follow.
        case more
        /// The body ends before this offset in these bytes.
        case ended(at: Int)
        /// The bytes before this offset are in order, and the one at the offset is not.
        case malformed(at: Int)
    }

    private enum Place {
        /// Within the line of a chunk's size: its digits, the spaces behind them, and what follows a semicolon.
        case size, spaces, `extension`
        case data
        /// Behind a chunk's data, where a line end has to follow.
        case dataEnd
        /// At the beginning of a line behind the last chunk: a trailer's, or the empty one.
        case trailerStart
        case trailer
        case ended, malformed
    }

    /// The most bytes between the data of two chunks, and behind the last one's.
    private static let lineLimit = 65_536

    private let isLenient: Bool
    private var place = Place.size
    /// Whether a carriage return was read, which a newline has to follow.
    private var isInLineEnd = false
    /// Whether the size has a digit.
    private var hasSize = false
    /// The chunk's size while it is read, and then the bytes of its data that are to come.
    private var remaining = 0
    /// Bytes since the last chunk's data.
    private var lineBytes = 0

    /// - Parameter isLenient: whether a bare newline ends a line and spaces may follow a chunk's size, as browsers accept
    ///   both in a response. In a request they are refused, since a program that reads them otherwise finds another request.
    package init(isLenient: Bool) { self.isLenient = isLenient }

    /// - Parameter bytes: the bytes that follow those of the last call.
    package mutating func scan(_ bytes: Span<UInt8>) -> Progress {
        var position = 0
        while position < bytes.count, place != .ended, place != .malformed {
            if place == .data {
                let taken = min(remaining, bytes.count - position)
                remaining -= taken
                position += taken
                if remaining == 0 { place = .dataEnd }
            } else {
                readLineByte(bytes[position])
                if place != .malformed { position += 1 }
            }
        }
        switch place {
        case .ended: return .ended(at: position)
        case .malformed: return .malformed(at: position)
        default: return .more
        }
    }

    package mutating func scan(_ bytes: [UInt8]) -> Progress { scan(bytes.span) }

    private mutating func readLineByte(_ byte: UInt8) {
        lineBytes += 1
        guard lineBytes <= Self.lineLimit, !isInLineEnd || byte == Byte.newline else {
            place = .malformed
            return
        }
        switch byte {
        case Byte.newline where isInLineEnd || isLenient: endLine()
        case Byte.newline, 0: place = .malformed
        case Byte.carriageReturn: isInLineEnd = true
        default: place = next(byte)
        }
    }

    private mutating func next(_ byte: UInt8) -> Place {
        switch place {
        case .size:
            if let digit = Byte.hexValue(byte) {
                // Sizes stay below 2^60.
                guard remaining < 1 << 56 else { return .malformed }
                remaining = remaining << 4 | Int(digit)
                hasSize = true
                return .size
            }
            return hasSize ? behindSize(byte) : .malformed
        case .spaces: return behindSize(byte)
        case .trailerStart: return .trailer
        case .extension, .trailer, .data, .ended, .malformed: return place
        case .dataEnd: return .malformed
        }
    }

    private func behindSize(_ byte: UInt8) -> Place {
        if byte == Byte.semicolon { return .extension }
        return HeaderSyntax.isSpace(byte) ? .spaces : .malformed
    }

    private mutating func endLine() {
        isInLineEnd = false
        switch place {
        case .size, .spaces, .extension:
            guard hasSize, isLenient || place != .spaces else {
                place = .malformed
                return
            }
            place = remaining > 0 ? .data : .trailerStart
            hasSize = false
            lineBytes = 0
        case .dataEnd: place = .size
        case .trailerStart: place = .ended
        case .trailer: place = .trailerStart
        case .data, .ended, .malformed: break
        }
    }
}
