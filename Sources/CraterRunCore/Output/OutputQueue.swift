/// What waits to be written to one descriptor. Keeps lines of different sources apart, and stays within its capacity by
/// dropping whole lines, which it counts.
package struct OutputQueue: Sendable {
    /// Bytes that wait at most while dropping; before that, a little more.
    package let capacity: Int
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

    package init(capacity: Int) {
        self.capacity = capacity
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
        let isOpen = lastByte != UInt8(ascii: "\n")
        let line = isOpen && !goesOn ? [UInt8(ascii: "\n")] + bytes : bytes
        waiting.append(line)
        size += line.count
        lastSource = source
        lastByte = last
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
