/// What waits to be written to one descriptor. Keeps lines of different sources apart, and stays within its capacity by
/// dropping whole lines, which it counts.
package struct OutputQueue: Sendable {
    /// Bytes that wait at most while dropping; before that, a little more.
    package let capacity: Int
    /// The most bytes that are given out to be written in one go.
    package let limit: Int
    /// Set by the owner when nothing more will be queued.
    package var isClosing = false
    /// Set by the owner when everything has been written after closing.
    package var isFinished = false

    private var waiting: [[UInt8]] = []
    /// Bytes queued and not yet written.
    private var size = 0
    private var isDropping = false
    private var wantsRoom = false
    private var droppedLines = 0
    /// The sources whose line is cut: the rest of that line is dropped too.
    private var cutSources: Set<Int> = []
    private var lastSource: Int?
    private var lastByte = UInt8(ascii: "\n")

    /// - Parameter limit: at least what its pieces have at most. PIPE_BUF (pipe(7)), or more where a write is not cut.
    package init(capacity: Int, limit: Int = 4096) {
        self.capacity = capacity
        self.limit = limit
    }

    package mutating func append(_ piece: OutputPiece, from source: Int) {
        let isRest = piece.continuesLine && cutSources.contains(source)
        if isRest || isDropping && size + piece.bytes.count > capacity {
            drop(piece, from: source, isRest: isRest)
            return
        }
        cutSources.remove(source)
        tellDropped()
        push(piece.bytes, from: source, continues: piece.continuesLine)
    }

    /// - Parameter isRest: whether the line that it begins with has been counted.
    private mutating func drop(_ piece: OutputPiece, from source: Int, isRest: Bool) {
        let ends = piece.bytes.count { $0 == UInt8(ascii: "\n") }
        droppedLines += isRest ? max(0, ends - 1) : max(1, ends)
        if !piece.endsLine { cutSources.insert(source) } else { cutSources.remove(source) }
    }

    /// Says how many lines are missing here.
    private mutating func tellDropped() {
        guard droppedLines > 0 else { return }
        let count = droppedLines == 1 ? "1 line" : "\(droppedLines) lines"
        droppedLines = 0
        push(Array("crater-run: dropped \(count) of output that nobody read\n".utf8), from: -1, continues: false)
    }

    private mutating func push(_ bytes: [UInt8], from source: Int, continues: Bool) {
        guard let last = bytes.last else { return }
        // A line that another source left open is closed first; a carriage return of its own source only rewinds it.
        let goesOn = lastSource == source && (continues || lastByte == UInt8(ascii: "\r"))
        if !goesOn, lastByte != UInt8(ascii: "\n") { pack([UInt8(ascii: "\n")]) }
        // The end of a line that was closed for another source's.
        let isClosed = !goesOn && continues && bytes.first == UInt8(ascii: "\n")
        pack(isClosed ? Array(bytes.dropFirst()) : bytes)
        lastSource = source
        lastByte = last
    }

    /// Puts bytes into the last write that waits, if they fit as a whole.
    private mutating func pack(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        size += bytes.count
        if let last = waiting.indices.last, waiting[last].count + bytes.count <= limit {
            waiting[last] += bytes
        } else {
            waiting.append(bytes)
        }
    }

    /// Everything that waits, in order. Whoever takes it reads again, so what is missing is told at the end.
    package mutating func take() -> [[UInt8]] {
        tellDropped()
        defer { waiting = [] }
        return waiting
    }

    /// Takes note that this many bytes were written (or lost with a broken descriptor).
    ///
    /// - Returns: whether somebody waits for room and has it now.
    package mutating func wrote(_ count: Int) -> Bool {
        size -= count
        isDropping = false
        guard wantsRoom, size <= capacity / 2 else { return false }
        wantsRoom = false
        return true
    }

    /// Whether there is room; if not, a later ``wrote(_:)`` says when.
    package mutating func requestRoom() -> Bool {
        guard size >= capacity, !isDropping else { return true }
        wantsRoom = true
        return false
    }

    /// From now until something is written, whatever does not fit is dropped.
    package mutating func startDropping() {
        guard wantsRoom else { return }
        wantsRoom = false
        isDropping = true
    }
}
