/// Cuts an app's output into pieces for the log: whole lines, each behind the app's tag, packed into pieces of at most
/// `limit` bytes so that one write(2) to a pipe does not mix with others' (PIPE_BUF, pipe(7)).
///
/// Bytes are passed on as they are: NUL, invalid UTF-8 and carriage returns too. A carriage return alone ends a piece of a
/// line, so that progress bars move. A line longer than a piece goes out in several, with nothing put in between.
package struct LineSplitter: Sendable {
    /// Put before each line; empty to pass the output through.
    package let tag: [UInt8]
    /// The largest piece, in bytes.
    package let limit: Int
    /// The start of a line whose end has not been seen.
    private var partial: [UInt8] = []
    /// Whether what `partial` continues has already gone out in part.
    private var isInsideLine = false

    package init(tag: String, limit: Int = 4096) {
        self.tag = Array(tag.utf8)
        self.limit = max(limit, self.tag.count + 1)
    }

    /// Takes in what was read, and returns the pieces that are complete.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [OutputPiece] {
        // What was held back has no end of a line, unless its last byte turns out to be one.
        let unsearched = max(0, partial.count - 1)
        partial += bytes
        var pieces = PieceList(limit: limit)
        var start = partial.startIndex
        while start < partial.endIndex, let end = endOfLine(from: max(start, unsearched)) {
            append(partial[start..<end], to: &pieces, continues: isInsideLine)
            isInsideLine = false
            start = end
        }
        partial.removeSubrange(..<start)
        // A long line must not be held back, or it would grow without bound; but for a carriage return, which may end it.
        let room = limit - (isInsideLine ? 0 : tag.count)
        let known = partial.last == UInt8(ascii: "\r") ? partial.dropLast() : partial[...]
        if known.count >= room {
            append(known, to: &pieces, continues: isInsideLine)
            isInsideLine = true
            partial.removeFirst(known.count)
        }
        return pieces.finish()
    }

    /// The last line, which had no end; with a newline after it.
    package mutating func finish() -> [OutputPiece] {
        guard !partial.isEmpty || isInsideLine else { return [] }
        var pieces = PieceList(limit: limit)
        append(partial[...] + [UInt8(ascii: "\n")], to: &pieces, continues: isInsideLine)
        partial = []
        isInsideLine = false
        return pieces.finish()
    }

    /// The index after the next newline or lone carriage return, or nil.
    private func endOfLine(from start: Int) -> Int? {
        var index = start
        while index < partial.endIndex {
            if partial[index] == UInt8(ascii: "\n") { return index + 1 }
            if partial[index] == UInt8(ascii: "\r") {
                // The byte after it decides whether it belongs to a newline.
                guard index + 1 < partial.endIndex else { return nil }
                if partial[index + 1] != UInt8(ascii: "\n") { return index + 1 }
            }
            index += 1
        }
        return nil
    }

    private func append(_ line: ArraySlice<UInt8>, to pieces: inout PieceList, continues: Bool) {
        pieces.append(continues ? [] : tag, line, continues: continues)
    }
}

/// Bytes to be written in one go.
package struct OutputPiece: Equatable, Sendable {
    package fileprivate(set) var bytes: [UInt8]
    /// Whether it goes on with a line whose start is in an earlier piece.
    package let continuesLine: Bool

    /// Whether the line it ends with is complete.
    package var endsLine: Bool { bytes.last == UInt8(ascii: "\n") }
}

/// Packs lines into pieces: as many whole lines as fit, or a part of one that does not fit.
private struct PieceList {
    let limit: Int
    var done: [OutputPiece] = []
    var current: OutputPiece?

    mutating func append(_ tag: [UInt8], _ line: ArraySlice<UInt8>, continues: Bool) {
        if let filled = current, !filled.endsLine || filled.bytes.count + tag.count + line.count > limit { flush() }
        if tag.count + line.count <= limit {
            if current == nil { current = OutputPiece(bytes: [], continuesLine: continues) }
            current?.bytes += tag
            current?.bytes += line
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
        if let current { done.append(current) }
        current = nil
    }

    mutating func finish() -> [OutputPiece] {
        flush()
        return done
    }
}
