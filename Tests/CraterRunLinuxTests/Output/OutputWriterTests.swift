import CLinux
import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct OutputWriterTests {
    @Test func writesWhatItIsGivenInOrder() throws {
        let pipe = try TestPipe()
        let writer = try OutputWriter(target: pipe.writeEnd)
        for number in 0..<1000 { #expect(writer.write(pieces("line \(number)\n"), from: number % 3)) }
        writer.close(within: Wait.limit)
        pipe.closeWriteEnd()
        #expect(text(Wait.readToEnd(pipe.readEnd)) == (0..<1000).map { "line \($0)\n" }.joined())
    }

    /// In writes that are larger than a pipe's.
    @Test func aFileGetsEverythingToo() throws {
        let directory = try TemporaryDirectory()
        let file = clinux_open(directory("log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        let writer = try OutputWriter(target: file)
        let block = (0..<10_000).map { "line \($0)\n" }.joined()
        for _ in 0..<5 { #expect(writer.write(pieces(block), from: 1)) }
        writer.close(within: Wait.limit)
        #expect(try SmallFile.read(directory("log")) == Array(String(repeating: block, count: 5).utf8))
    }

    @Test func aBlockedReaderBlocksNobodyAndLosesWholeLinesWithACount() throws {
        let pipe = try TestPipe()
        fill(pipe)
        let writer = try OutputWriter(target: pipe.writeEnd)
        let line = String(repeating: "x", count: 99) + "\n"
        var written = 0
        // Until it is full; then it asks to wait.
        while writer.write(pieces(line), from: 1) { written += 1 }
        written += 1
        #expect((OutputWriter.capacity - 4096...OutputWriter.capacity + 4096).contains(written * 100))
        #expect(!Wait.isReadable(writer.progress))
        writer.startDropping()
        for _ in 0..<5000 { #expect(writer.write(pieces(line), from: 1)) }

        // The reader comes back: what was kept arrives whole, then, with the next line, the count.
        let reader = Reader(pipe.readEnd)
        #expect(Wait.until { reader.count(of: line) > 5000 })
        #expect(writer.write(pieces("last\n"), from: 1))
        writer.close(within: Wait.limit)
        pipe.closeWriteEnd()
        #expect(Wait.until { reader.isAtEnd })
        let lines = reader.text.drop { $0 == "." }.split(separator: "\n")
        let kept = lines.count { $0 + "\n" == line }
        let dropped = written + 5000 - kept
        #expect(kept * 100 <= OutputWriter.capacity + 4096)
        #expect(Array(lines.suffix(2)) == ["crater-run: dropped \(dropped) lines of output that nobody read", "last"])
        #expect(lines.count == kept + 2)
    }

    @Test func progressTellsWhenThereIsRoomAgain() throws {
        let pipe = try TestPipe()
        fill(pipe)
        let writer = try OutputWriter(target: pipe.writeEnd)
        let line = String(repeating: "x", count: 4095) + "\n"
        while writer.write(pieces(line), from: 1) {}
        #expect(!Wait.isReadable(writer.progress))
        onThread { _ = Wait.readToEnd(pipe.readEnd) }
        #expect(Wait.untilReadable(writer.progress))
        writer.acknowledgeProgress()
        #expect(writer.write(pieces(line), from: 1))
        writer.close(within: Wait.limit)
        pipe.closeWriteEnd()
    }

    // MARK: Where no thread is to be had

    private func writerAlone(_ target: Int32) throws -> OutputWriter {
        try OutputWriter(target: target) { _ throws(SystemCallError) in
            throw SystemCallError(call: "pthread_create", number: EPERM)
        }
    }

    @Test func withoutAThreadItWritesWhatThereIsRoomFor() throws {
        let pipe = try TestPipe()
        let writer = try writerAlone(pipe.writeEnd)
        #expect(writer.write(pieces("one\n"), from: 1))
        #expect(text(Wait.readToEnd(pipe.readEnd, enough: 4)) == "one\n")
        // Nobody reads: it waits for nobody, and keeps it for later.
        let held = fill(pipe)
        #expect(writer.write(pieces("two\n"), from: 1))
        #expect(Wait.readToEnd(pipe.readEnd, enough: held).count == held)
        #expect(writer.write(pieces("three\n"), from: 2))
        #expect(text(Wait.readToEnd(pipe.readEnd, enough: 10)) == "two\nthree\n")
        fill(pipe)
        #expect(writer.write(pieces("four\n"), from: 1))
        #expect(Wait.readToEnd(pipe.readEnd, enough: held).count == held)
        writer.close(within: Wait.limit)
        #expect(text(Wait.readToEnd(pipe.readEnd, enough: 5)) == "four\n")
    }

    @Test func withoutAThreadItDropsWhatNobodyReads() throws {
        let pipe = try TestPipe()
        fill(pipe)
        let writer = try writerAlone(pipe.writeEnd)
        let line = String(repeating: "x", count: 99) + "\n"
        while writer.write(pieces(line), from: 1) {}
        writer.startDropping()
        for _ in 0..<5000 { #expect(writer.write(pieces(line), from: 1)) }
        // At most for so long.
        writer.close(within: .milliseconds(1))
        pipe.closeReadEnd()
    }

    @Test func withoutAThreadABrokenDescriptorLosesWhatIsWritten() async throws {
        try await OwnProcess.run {
            signal(SIGPIPE, SIG_IGN)
            let pipe = try TestPipe()
            pipe.closeReadEnd()
            for target in [pipe.writeEnd, 999] {
                let writer = try writerAlone(target)
                for _ in 0..<100 { #expect(writer.write(pieces("lost\n"), from: 1)) }
                writer.close(within: Wait.limit)
            }
        }
    }

    /// 200 MB, by a reader that takes little at a time.
    @Test func aSlowReaderThatIsAliveLosesNothing() throws {
        let pipe = try TestPipe()
        let writer = try OutputWriter(target: pipe.writeEnd)
        let block = pieces((0..<64).map { "\($0) " + String(repeating: "x", count: 60) + "\n" }.joined())
        let blockBytes = block.reduce(0) { $0 + $1.bytes.count }
        let total = 200_000_000 / blockBytes
        let seen = Mutex((lines: 0, bytes: 0, isDone: false))
        onThread {
            var buffer = [UInt8](repeating: 0, count: 3000)
            while Wait.untilReadable(pipe.readEnd) {
                let count = read(pipe.readEnd, &buffer, buffer.count)
                guard count > 0 else { break }
                let lines = buffer.withUnsafeBytes { memoryCount($0, count) }
                seen.withLock {
                    $0.lines += lines
                    $0.bytes += count
                }
            }
            seen.withLock { $0.isDone = true }
        }
        for _ in 0..<total where !writer.write(block, from: 1) {
            #expect(Wait.untilReadable(writer.progress))
            writer.acknowledgeProgress()
        }
        writer.close(within: Wait.limit)
        pipe.closeWriteEnd()
        #expect(Wait.until { seen.withLock { $0.isDone } })
        #expect(seen.withLock { $0.bytes } == total * blockBytes)
        #expect(seen.withLock { $0.lines } == total * 64)
    }

    /// Newlines, by the C library: a test is not optimised.
    private func memoryCount(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Int {
        guard var cursor = bytes.baseAddress else { return 0 }
        let end = cursor + count
        var lines = 0
        while let found = memchr(cursor, 10, end - cursor) {
            lines += 1
            cursor = UnsafeRawPointer(found) + 1
        }
        return lines
    }

    @Test func aClosedReaderAndAFullDiskLoseOutputAndNothingElse() async throws {
        try await OwnProcess.run {
            blockBrokenPipeSignal()
            let pipe = try TestPipe()
            pipe.closeReadEnd()
            let full = clinux_open("/dev/full", O_WRONLY | O_CLOEXEC, 0)
            for target in [pipe.writeEnd, full, 999] {
                let writer = try OutputWriter(target: target)
                let line = String(repeating: "x", count: 4095) + "\n"
                // Far more than the queue holds.
                for _ in 0..<2000 where !writer.write(pieces(line), from: 1) {
                    #expect(Wait.untilReadable(writer.progress))
                    writer.acknowledgeProgress()
                }
                writer.close(within: Wait.limit)
            }
        }
    }

    /// An inherited descriptor is left as it is found.
    @Test func aNonblockingTargetIsWaitedForAndStaysSo() throws {
        let pipe = try TestPipe()
        clinux_set_nonblocking(pipe.writeEnd)
        let writer = try OutputWriter(target: pipe.writeEnd)
        let line = String(repeating: "x", count: 4095) + "\n"
        for _ in 0..<200 { #expect(writer.write(pieces(line), from: 1)) }
        #expect(Wait.readToEnd(pipe.readEnd, enough: 200 * 4096).count == 200 * 4096)
        writer.close(within: Wait.limit)
        #expect(statusFlags(pipe.writeEnd).contains("flags:\t0"))
        #expect(statusFlags(pipe.writeEnd).contains("4001"))
    }

    private func statusFlags(_ descriptor: Int32) -> String {
        (try? SmallFile.read("/proc/self/fdinfo/\(descriptor)")).map { text($0) } ?? ""
    }

    @Test func closingWaitsNoLongerThanItMay() throws {
        let pipe = try TestPipe()
        fill(pipe)
        let writer = try OutputWriter(target: pipe.writeEnd)
        #expect(writer.write(pieces("never read\n"), from: 1))
        let start = MonotonicClock.now()
        writer.close(within: .milliseconds(50))
        let taken = start.duration(to: MonotonicClock.now())
        #expect(taken >= .milliseconds(49))
        #expect(taken < Wait.limit)
    }
}
