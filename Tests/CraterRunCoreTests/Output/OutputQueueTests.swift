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
        #expect(pipe.read() == "1%\r\nx\n2%\n")
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
