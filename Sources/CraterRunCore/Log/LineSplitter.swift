/// Cuts an app's output into pieces for the log. A piece holds whole lines, each after the app's tag. A piece has at
/// most `limit` bytes, so that one write(2) to a pipe does not mix with other writes (PIPE_BUF, pipe(7)).
///
/// Bytes are passed on unchanged, including NUL, invalid UTF-8 and carriage returns. A carriage return alone ends a
/// line as a newline does, so that progress bars move. A line longer than a piece becomes several pieces with nothing
/// between them. A line without an end is held back, so that no other output gets into it. Without a tag such a line is
/// passed on at once, so that a prompt is visible.
package struct LineSplitter: Sendable {
    /// The text before each line; empty to pass the output through.
    package let tag: [UInt8]
    /// The size of the largest piece, in bytes.
    package let limit: Int
    /// The start of a line whose end has not been read yet.
    private var partial: [UInt8] = []
    /// Where in a line the output that was passed on ends.
    private var place = Place.atStart

    private enum Place {
        case atStart
        case inside
        /// After a carriage return: a newline that follows belongs to the same line end.
        case afterReturn
    }

    package init(tag: String, limit: Int = 4096) {
        self.tag = Array(tag.utf8)
        self.limit = max(limit, self.tag.count + 1)
    }

    /// Takes in bytes that were read, and returns the complete pieces.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [OutputPiece] {
        // The bytes that were held back contain no line end.
        let searched = partial.count
        partial += bytes
        guard !partial.isEmpty else { return [] }
        var pieces = PieceList(limit: limit)
        var start = 0
        if place == .afterReturn {
            place = .atStart
            if partial.first == UInt8(ascii: "\n") {
                pieces.append([], partial[..<1], continues: true)
                start = 1
            }
        }
        while let end = partial.endOfLine(from: max(start, searched)) {
            append(partial[start..<end], to: &pieces)
            place = .atStart
            start = end
        }
        if start == partial.count, partial.last == UInt8(ascii: "\r") { place = .afterReturn }
        // A long line is not held back, or the buffer would grow without bound.
        let rest = partial.count - start
        if rest > 0, tag.isEmpty || rest >= limit - (place == .inside ? 0 : tag.count) {
            append(partial[start...], to: &pieces)
            place = .inside
            start = partial.count
        }
        partial.removeSubrange(..<start)
        return pieces.finish()
    }

    /// Returns the last line, which had no end, with a newline added.
    package mutating func finish() -> [OutputPiece] {
        guard !partial.isEmpty || place != .atStart else { return [] }
        var pieces = PieceList(limit: limit)
        let newline = [UInt8(ascii: "\n")]
        pieces.append(place == .atStart ? tag : [], (partial + newline)[...], continues: place != .atStart)
        partial = []
        place = .atStart
        return pieces.finish()
    }

    private func append(_ line: ArraySlice<UInt8>, to pieces: inout PieceList) {
        pieces.append(place == .inside ? [] : tag, line, continues: place == .inside)
    }
}

/// Packs lines into pieces: as many whole lines as fit. A line that does not fit into one piece becomes several.
private struct PieceList {
    let limit: Int
    var done: [OutputPiece] = []
    var current: [UInt8] = []
    var currentContinues = false

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ tag: [UInt8], _ line: ArraySlice<UInt8>, continues: Bool) {
        let size = tag.count + line.count
        if current.count + size > limit { flush() }
        if size <= limit {
            if current.isEmpty {
                current.reserveCapacity(limit)
                currentContinues = continues
            }
            current += tag
            current += line
            return
        }
        var rest = tag + line
        var continuesLine = continues
        while !rest.isEmpty {
            done.append(OutputPiece(bytes: Array(rest.prefix(limit)), continuesLine: continuesLine))
            rest.removeFirst(min(limit, rest.count))
            continuesLine = true
        }
    }

    mutating func flush() {
        if !current.isEmpty { done.append(OutputPiece(bytes: current, continuesLine: currentContinues)) }
        current = []
    }

    mutating func finish() -> [OutputPiece] {
        flush()
        return done
    }
}

extension [UInt8] {
    /// The index after the next line end (a newline, a carriage return, or both); nil if there is none.
    fileprivate func endOfLine(from start: Int) -> Int? {
        guard let end = firstEnd(from: start) else { return nil }
        let next = end + 1
        let isPair = self[end] == UInt8(ascii: "\r") && next < count && self[next] == UInt8(ascii: "\n")
        return isPair ? next + 1 : next
    }

    /// The index of the next newline or carriage return. Reads eight bytes at a time, since all output passes through
    /// here.
    private func firstEnd(from start: Int) -> Int? {
        unsafe withUnsafeBytes { buffer in
            var index = start
            while index + 8 <= buffer.count {
                let word = unsafe UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let ends = zeros(word ^ (ones &* 0x0A)) | zeros(word ^ (ones &* 0x0D))
                if ends != 0 { return index + ends.trailingZeroBitCount / 8 }
                index += 8
            }
            return unsafe buffer[index...].firstIndex { $0 == 0x0A || $0 == 0x0D }
        }
    }
}

/// The value 1 in each byte.
private let ones: UInt64 = 0x0101_0101_0101_0101

/// Marks each byte that is 0 by its highest bit. Bytes above the lowest zero byte may be marked in error, by a borrow.
private func zeros(_ word: UInt64) -> UInt64 {
    (word &- ones) & ~word & (ones &* 0x80)
}
