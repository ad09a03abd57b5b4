import CraterRunCore
import Testing

struct OutputQueueTests {
    /// A queue whose sources are apps with a splitter each, and whose reader is the test.
    private struct Pipe {
        var queue: OutputQueue
        var splitters: [Int: LineSplitter] = [:]
        var limit = 4096

        init(capacity: Int) {
            queue = OutputQueue(capacity: capacity)
        }

        /// A source's output comes in. Returns whether there is room for more.
        @discardableResult
        mutating func write(_ text: String, from source: Int = 1) -> Bool {
            var splitter = splitters[source] ?? LineSplitter(tag: "", limit: limit)
            for piece in splitter.take(text.utf8) { queue.append(piece, from: source) }
            splitters[source] = splitter
            return queue.requestRoom()
        }

        mutating func end(_ source: Int) {
            for piece in splitters[source]?.finish() ?? [] { queue.append(piece, from: source) }
        }

        /// Everything that waits is written.
        mutating func read() -> String {
            var bytes: [UInt8] = []
            while true {
                let batch = queue.take()
                if batch.isEmpty { return String(decoding: bytes, as: UTF8.self) }
                for piece in batch {
                    bytes += piece
                    _ = queue.wrote(piece.count)
                }
            }
        }
    }

    @Test func givesWhatItTookInOrder() {
        var pipe = Pipe(capacity: 1000)
        pipe.write("one\n")
        pipe.write("two\n", from: 2)
        pipe.write("three\nfour\n")
        #expect(pipe.read() == "one\ntwo\nthree\nfour\n")
        #expect(pipe.read() == "")
    }

    @Test func isNotFinishedBeforeItsOwnerSaysSo() {
        let queue = OutputQueue(capacity: 1)
        #expect(!queue.isClosing)
        #expect(!queue.isFinished)
    }

    // MARK: Lines of different sources

    @Test func closesALineThatAnotherSourceLeftOpen() {
        var pipe = Pipe(capacity: 1000)
        pipe.limit = 4
        pipe.write("abcd")
        pipe.write("x\n", from: 2)
        pipe.write("ef\n")
        #expect(pipe.read() == "abcd\nx\nef\n")
    }

    @Test func goesOnWithALineOfTheSameSource() {
        var pipe = Pipe(capacity: 1000)
        pipe.limit = 4
        pipe.write("abcdefgh")
        pipe.write("ij\n")
        #expect(pipe.read() == "abcdefghij\n")
    }

    @Test func leavesAProgressBarOfTheSameSourceAlone() {
        var pipe = Pipe(capacity: 1000)
        pipe.write("1%\r2%\r3%\n")
        #expect(pipe.read() == "1%\r2%\r3%\n")
    }

    @Test func closesAProgressBarOfAnotherSource() {
        var pipe = Pipe(capacity: 1000)
        pipe.write("1%\r2")
        pipe.write("x\n", from: 2)
        pipe.write("%\n")
        #expect(pipe.read() == "1%\r2\nx\n%\n")
    }

    @Test func endsALineOnceThatAnotherSourceInterrupted() {
        var pipe = Pipe(capacity: 1000)
        pipe.write("Password: ")
        pipe.write("x\n", from: 2)
        pipe.write("\nwelcome\n")
        pipe.write("line\r")
        pipe.write("y\n", from: 2)
        pipe.write("\n")
        pipe.write("z\n", from: 2)
        #expect(pipe.read() == "Password: \nx\nwelcome\nline\r\ny\nz\n")
    }

    // MARK: Writes

    /// The bytes of each write that waits.
    private func sizes(_ queue: inout OutputQueue) -> [Int] { queue.take().map(\.count) }

    @Test func neverGivesOutMoreThanGoesInOnePipeWrite() {
        var pipe = Pipe(capacity: 1 << 20)
        // An open line, and then pieces of another source that are as large as a write may be.
        pipe.write("open")
        pipe.write(String(repeating: "x", count: 4095) + "\n", from: 2)
        #expect(sizes(&pipe.queue) == [5, 4096])
        pipe.write(String(repeating: "y", count: 10_000) + "\n")
        pipe.write(String(repeating: "z", count: 4095) + "\n", from: 2)
        #expect(sizes(&pipe.queue) == [4096, 4096, 10_001 - 8192, 4096])
    }

    @Test func packsSmallPiecesIntoOneWrite() {
        var pipe = Pipe(capacity: 1 << 20)
        for _ in 0..<100 { pipe.write(String(repeating: "x", count: 99) + "\n") }
        #expect(sizes(&pipe.queue) == [4000, 4000, 2000])
        var large = OutputQueue(capacity: 1 << 20, limit: 9000)
        var splitter = LineSplitter(tag: "")
        for _ in 0..<100 {
            for piece in splitter.take((String(repeating: "x", count: 99) + "\n").utf8) { large.append(piece, from: 1) }
        }
        #expect(sizes(&large) == [9000, 1000])
    }

    /// Whatever sources write in whatever order: no write is too large, and none ends within a line that fits into one.
    @Test func keepsWritesSmallAndLinesWholeWhateverComes() {
        var random = SplitMix(seed: 3)
        for _ in 0..<200 {
            var queue = OutputQueue(capacity: 1 << 20, limit: 64)
            var splitters = (0..<3).map { LineSplitter(tag: "[\($0)] ", limit: 64) }
            var expected = [[String]](repeating: [], count: 3)
            var writes: [[UInt8]] = []
            for _ in 0..<60 {
                let source = Int.random(in: 0..<3, using: &random)
                let line = String(repeating: "x", count: Int.random(in: 0..<50, using: &random)) + "."
                expected[source].append("[\(source)] \(line)")
                for piece in splitters[source].take((line + "\n").utf8) { queue.append(piece, from: source) }
                if Int.random(in: 0..<5, using: &random) == 0 { writes += queue.take() }
            }
            writes += queue.take()
            #expect(writes.allSatisfy { $0.count <= 64 && $0.last == UInt8(ascii: "\n") } == true)
            let lines = String(decoding: writes.joined(), as: UTF8.self).split(separator: "\n").map(String.init)
            for source in 0..<3 { #expect(lines.filter { $0.hasPrefix("[\(source)]") } == expected[source]) }
        }
    }

    @Test func remembersAnOpenLineThatHasBeenWritten() {
        var pipe = Pipe(capacity: 1000)
        pipe.limit = 4
        pipe.write("abcd")
        #expect(pipe.read() == "abcd")
        pipe.write("x\n", from: 2)
        #expect(pipe.read() == "\nx\n")
    }

    // MARK: Room

    @Test func hasRoomUntilItIsFull() {
        var pipe = Pipe(capacity: 8)
        #expect(pipe.write("123\n") == true)
        #expect(pipe.write("567\n") == false)
    }

    @Test func tellsOnceWhenAFullQueueIsHalfEmpty() {
        var queue = OutputQueue(capacity: 8)
        var splitter = LineSplitter(tag: "")
        for piece in splitter.take("1234567\n".utf8) { queue.append(piece, from: 1) }
        #expect(queue.requestRoom() == false)
        #expect(queue.take().count == 1)
        #expect(queue.wrote(3) == false)
        #expect(queue.wrote(1) == true)
        #expect(queue.wrote(4) == false)
        #expect(queue.requestRoom() == true)
    }

    @Test func tellsNobodyWhoDidNotAsk() {
        var queue = OutputQueue(capacity: 8)
        var splitter = LineSplitter(tag: "")
        for piece in splitter.take("1234567\n".utf8) { queue.append(piece, from: 1) }
        #expect(queue.wrote(8) == false)
    }

    @Test func takesWhatComesBeforeItDropsEvenBeyondItsCapacity() {
        var pipe = Pipe(capacity: 8)
        pipe.write("123456789\n")
        pipe.write("more\n")
        #expect(pipe.read() == "123456789\nmore\n")
    }

    // MARK: Dropping

    @Test func doesNotDropWhileNobodyWaits() {
        var pipe = Pipe(capacity: 8)
        pipe.write("1\n")
        pipe.queue.startDropping()
        pipe.write("123456789\n")
        #expect(pipe.read() == "1\n123456789\n")
    }

    @Test func dropsWholeLinesAndCountsThem() {
        var pipe = Pipe(capacity: 10)
        #expect(pipe.write("123456789\n") == false)
        pipe.queue.startDropping()
        // There is always room while it drops: the app must not stall.
        #expect(pipe.write("a\nb\nc\n") == true)
        #expect(pipe.write("d\n") == true)
        #expect(pipe.read() == "123456789\ncrater-run: dropped 4 lines of output that nobody read\n")
        #expect(pipe.write("e\n") == true)
        #expect(pipe.read() == "e\n")
    }

    @Test func putsTheCountWhereTheLinesAreMissing() {
        var pipe = Pipe(capacity: 10)
        pipe.write("123456789\n")
        pipe.queue.startDropping()
        pipe.write("a\n")
        _ = pipe.queue.wrote(1)
        pipe.write("b\n")
        #expect(pipe.read() == "123456789\ncrater-run: dropped 1 line of output that nobody read\nb\n")
    }

    @Test func takesWhatFitsWhileItDrops() {
        var pipe = Pipe(capacity: 10)
        pipe.limit = 5
        pipe.write("1234\n1234\n")
        pipe.queue.startDropping()
        pipe.write("x\n")
        #expect(pipe.read() == "1234\n1234\ncrater-run: dropped 1 line of output that nobody read\n")
        pipe.write("y\n")
        #expect(pipe.read() == "y\n")
    }

    @Test func countsALineOnceHoweverManyPiecesItHas() {
        var pipe = Pipe(capacity: 4)
        pipe.limit = 4
        pipe.write("123\n")
        pipe.queue.startDropping()
        pipe.write("abcdefghijklmnopqrst\n")
        #expect(pipe.read() == "123\ncrater-run: dropped 1 line of output that nobody read\n")
    }

    @Test func dropsTheRestOfALineWhoseStartWasDropped() {
        var pipe = Pipe(capacity: 4)
        pipe.limit = 4
        pipe.write("123\n")
        pipe.queue.startDropping()
        pipe.write("abcdefgh")
        #expect(pipe.read() == "123\ncrater-run: dropped 1 line of output that nobody read\n")
        pipe.write("ijkl\nnext\n")
        #expect(pipe.read() == "next\n")
    }

    @Test func countsTheLinesThatAreDroppedWithTheRestOfAnother() {
        var pipe = Pipe(capacity: 8)
        pipe.limit = 8
        pipe.write("1234567\n")
        pipe.queue.startDropping()
        pipe.write("abcdefgh")
        #expect(pipe.read() == "1234567\ncrater-run: dropped 1 line of output that nobody read\n")
        // One piece: the rest of the first line, and two more lines.
        pipe.write("i\nj\nk\n")
        #expect(pipe.read() == "crater-run: dropped 2 lines of output that nobody read\n")
        pipe.write("l\n")
        #expect(pipe.read() == "l\n")
    }

    @Test func dropsTheRestsOfTwoSourcesLines() {
        var pipe = Pipe(capacity: 4)
        pipe.limit = 4
        pipe.write("123\n")
        pipe.queue.startDropping()
        pipe.write("abcd", from: 1)
        pipe.write("ABCD", from: 2)
        #expect(pipe.read() == "123\ncrater-run: dropped 2 lines of output that nobody read\n")
        pipe.write("e\n", from: 1)
        pipe.write("E\n", from: 2)
        #expect(pipe.read() == "")
        pipe.write("good\n", from: 1)
        pipe.write("GOOD\n", from: 2)
        #expect(pipe.read() == "good\nGOOD\n")
    }

    @Test func closesALineWhoseRestIsDropped() {
        var pipe = Pipe(capacity: 4)
        pipe.limit = 4
        pipe.write("abcd")
        pipe.queue.startDropping()
        pipe.write("efghijkl\n")
        #expect(pipe.read() == "abcd\ncrater-run: dropped 1 line of output that nobody read\n")
        pipe.write("mno\n")
        #expect(pipe.read() == "mno\n")
    }

    @Test func stopsDroppingAsSoonAsSomethingIsRead() {
        var pipe = Pipe(capacity: 4)
        pipe.write("123\n")
        pipe.queue.startDropping()
        pipe.write("a\n")
        _ = pipe.queue.wrote(1)
        #expect(pipe.write("b\n") == false)
        #expect(pipe.read() == "123\ncrater-run: dropped 1 line of output that nobody read\nb\n")
    }

    @Test func neverGrowsMuchBeyondItsCapacityWhileItDropsAndLosesNoLineUncounted() {
        var random = SplitMix(seed: 11)
        var pipe = Pipe(capacity: 256)
        pipe.limit = 32
        var written = 0
        var seen = 0
        var dropped = 0
        func look(_ text: String) {
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                if line.hasPrefix("crater-run: dropped ") {
                    dropped += Int(line.split(separator: " ")[2]) ?? -1_000_000
                } else if line.hasSuffix(".") {
                    seen += 1
                }
            }
        }
        for _ in 0..<5000 {
            // Lines of every length around a piece's; each ends with a full stop.
            let length = Int.random(in: 0..<80, using: &random)
            pipe.write(String(repeating: "x", count: length) + ".\n")
            written += 1
            switch Int.random(in: 0..<12, using: &random) {
            case 0: look(pipe.read())
            case 1: pipe.queue.startDropping()
            default: break
            }
        }
        look(pipe.read())
        #expect(dropped > 100)
        #expect(seen + dropped == written)
    }
}
