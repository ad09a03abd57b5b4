/// The output that waits to be written to one file descriptor. Keeps lines of different sources apart. Stays within its
/// capacity by dropping whole lines, and counts the dropped lines.
package struct OutputQueue: Sendable {
    /// While lines are dropped, at most this many bytes wait. Before lines are dropped, slightly more bytes may wait.
    package let capacity: Int
    /// The most bytes to write at once.
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
    /// The sources whose last line was cut: the rest of that line is dropped too.
    private var cutSources: Set<Int> = []
    private var lastSource: Int?
    private var lastByte = UInt8(ascii: "\n")

    /// - Parameter limit: at least the size of the largest piece. PIPE_BUF (pipe(7)) suits a pipe; the limit may be
    ///   larger if the descriptor does not split larger writes.
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

    /// - Parameter isRest: whether the piece begins with the rest of a line that has already been counted as dropped.
    private mutating func drop(_ piece: OutputPiece, from source: Int, isRest: Bool) {
        let ends = piece.bytes.count { $0 == UInt8(ascii: "\n") }
        droppedLines += isRest ? max(0, ends - 1) : max(1, ends)
        if !piece.endsLine { cutSources.insert(source) } else { cutSources.remove(source) }
    }

    /// Queues a line that says how many lines are missing here.
    private mutating func tellDropped() {
        guard droppedLines > 0 else { return }
        let count = droppedLines == 1 ? "1 line" : "\(droppedLines) lines"
        droppedLines = 0
        push(Array("crater-run: dropped \(count) of output that nobody read\n".utf8), from: -1, continues: false)
    }

    private mutating func push(_ bytes: [UInt8], from source: Int, continues: Bool) {
        guard let last = bytes.last else { return }
        // A line that another source left open is closed first. A line that the same source ended with a carriage
        // return stays open: the source only rewinds this line.
        let goesOn = lastSource == source && (continues || lastByte == UInt8(ascii: "\r"))
        if !goesOn, lastByte != UInt8(ascii: "\n") { pack([UInt8(ascii: "\n")]) }
        // The piece begins with the end of a line that has been closed already, for another source's output.
        let isClosed = !goesOn && continues && bytes.first == UInt8(ascii: "\n")
        pack(isClosed ? Array(bytes.dropFirst()) : bytes)
        lastSource = source
        lastByte = last
    }

    /// Adds bytes to the last waiting write if they fit as a whole; else starts a new write.
    private mutating func pack(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        size += bytes.count
        if let last = waiting.indices.last, waiting[last].count + bytes.count <= limit {
            waiting[last] += bytes
        } else {
            waiting.append(bytes)
        }
    }

    /// Returns everything that waits, in order, and removes it from the queue. The line about dropped lines comes last,
    /// because the output that the caller reads later belongs after this line.
    package mutating func take() -> [[UInt8]] {
        tellDropped()
        defer { waiting = [] }
        return waiting
    }

    /// Records that `count` bytes were written (or lost with a broken descriptor).
    ///
    /// - Returns: whether a source waits for room and there is room now.
    package mutating func wrote(_ count: Int) -> Bool {
        size -= count
        isDropping = false
        guard wantsRoom, size <= capacity / 2 else { return false }
        wantsRoom = false
        return true
    }

    /// Whether there is room; if not, a later ``wrote(_:)`` returns true when there is.
    package mutating func requestRoom() -> Bool {
        guard size >= capacity, !isDropping else { return true }
        wantsRoom = true
        return false
    }

    /// Drops whatever does not fit, from now until something is written.
    package mutating func startDropping() {
        guard wantsRoom else { return }
        wantsRoom = false
        isDropping = true
    }
}
