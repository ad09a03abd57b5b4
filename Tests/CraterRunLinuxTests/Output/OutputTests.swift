import CLinux
import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

/// Lines as the writer gets them: without a tag, in pieces.
private func pieces(_ text: String) -> [OutputPiece] {
    var splitter = LineSplitter(tag: "")
    return splitter.take(text.utf8) + splitter.finish()
}

/// Writing to a broken pipe must not end the test's process. Threads that are made from here on have it blocked too.
private func blockBrokenPipeSignal() {
    var mask = sigset_t()
    clinux_sigset_add(&mask, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &mask, nil)
}

/// Fills a pipe to the brim.
///
/// - Returns: how many bytes that took.
@discardableResult
private func fill(_ pipe: TestPipe) -> Int {
    let copy = clinux_open("/proc/self/fd/\(pipe.writeEnd)", O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0)
    let chunk = [UInt8](repeating: UInt8(ascii: "."), count: 4096)
    var count = 0
    while write(copy, chunk, chunk.count) > 0 { count += chunk.count }
    close(copy)
    return count
}

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

@Suite(.timeLimit(.minutes(5))) struct OutputForwarderTests {
    /// A forwarder to pipes instead of descriptors 1 and 2, driven as the reactor does it.
    private final class Driver {
        let output: TestPipe
        let error: TestPipe
        let poll: EventPoll
        let forwarder: OutputForwarder
        var now = MonotonicClock.now()

        init() throws {
            blockBrokenPipeSignal()
            let (output, error) = (try TestPipe(), try TestPipe())
            (self.output, self.error) = (output, error)
            poll = try EventPoll()
            forwarder = try OutputForwarder(poll: poll) {
                $0 == .output ? output.writeEnd : error.writeEnd
            }
        }

        /// Lets the readers meet their end.
        func end() {
            output.closeWriteEnd()
            error.closeWriteEnd()
        }

        /// Lets it do whatever there is to do; waits until there is something.
        func turn() throws {
            for ready in try poll.wait() { poll.handle(ready, at: now) }
        }

        /// What is ready at this moment, if anything.
        func turnIfReady() throws {
            // An epoll instance is not to be seen from here; a descriptor that is always ready ends the wait.
            let bell = try TestPipe()
            bell.write("x")
            try poll.add(bell.readEnd, .input) { _ in }
            for ready in try poll.wait() { poll.handle(ready, at: now) }
            poll.remove(bell.readEnd)
            bell.closeReadEnd()
            bell.closeWriteEnd()
        }

        func source(_ sink: OutputForwarder.Sink = .output, of owner: String = "app", tag: String = "[app] ") throws
            -> TestPipe
        {
            let pipe = try TestPipe(isNonblocking: true)
            forwarder.forward(pipe.readEnd, of: owner, to: sink, tag: tag)
            return pipe
        }
    }

    @Test func linesAreTaggedAndSentWhereTheyBelong() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let (output, error) = (try driver.source(), try driver.source(.error))
            output.write("one\ntw")
            try driver.turn()
            error.write("oh\n")
            try driver.turn()
            driver.forwarder.write("crater-run: a line of our own\n")
            output.write("o\nlast")
            output.closeWriteEnd()
            error.closeWriteEnd()
            while driverIsOpen(driver, output.readEnd) || driverIsOpen(driver, error.readEnd) { try driver.turn() }
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            #expect(text(Wait.readToEnd(driver.output.readEnd)) == "[app] one\n[app] two\n[app] last\n")
            #expect(text(Wait.readToEnd(driver.error.readEnd)) == "[app] oh\ncrater-run: a line of our own\n")
        }
    }

    /// Whether the forwarder has not closed a pipe yet.
    private func driverIsOpen(_ driver: Driver, _ descriptor: Int32) -> Bool {
        SmallFile.link("/proc/self/fd/\(descriptor)")?.hasPrefix("pipe:") == true
    }

    @Test func whatIsHeldBackIsPassedOnOrForgotten() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            func say(_ text: String, _ sink: OutputForwarder.Sink = .output, of owner: String = "app") throws {
                let source = try driver.source(sink, of: owner)
                source.write(text)
                source.closeWriteEnd()
                while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            }
            try say("one\n")
            driver.forwarder.hold("app")
            try say("forgotten\nand the rest")
            #expect(driver.forwarder.recentLines(of: "app").suffix(2) == ["forgotten", "and the rest"])
            driver.forwarder.drop("app")
            driver.forwarder.hold("app")
            try say("two\n")
            try say("oh\n", .error)
            try say("not held back\n", of: "other")
            driver.forwarder.release("app")
            driver.forwarder.release("app")
            try say("three\n")
            // What is still held back at the end is nobody's.
            driver.forwarder.hold("app")
            try say("four\n")
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            let lines = text(Wait.readToEnd(driver.output.readEnd)).split(separator: "\n").map(String.init)
            #expect(lines == ["[app] one", "[app] not held back", "[app] two", "[app] three"])
            #expect(text(Wait.readToEnd(driver.error.readEnd)) == "[app] oh\n")
        }
    }

    /// A child may outlive the app that started it.
    @Test func whatIsDroppedStaysDroppedUntilItsSourceEnds() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            driver.forwarder.hold("app")
            let (old, error) = (try driver.source(), try driver.source(.error))
            let other = try driver.source(of: "other")
            old.write("held\nhalf a line")
            try driver.turn()
            driver.forwarder.drop("app")
            driver.forwarder.forget("app")
            old.write(" and its end\n")
            error.write("oh\n")
            for source in [old, error] {
                source.closeWriteEnd()
                while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            }
            #expect(driver.forwarder.recentLines(of: "app") == [])
            // The next run is another.
            let new = try driver.source()
            new.write("new\n")
            other.write("its own\n")
            while driver.forwarder.recentLines(of: "app").isEmpty || driver.forwarder.recentLines(of: "other").isEmpty {
                try driver.turn()
            }
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            let lines = text(Wait.readToEnd(driver.output.readEnd)).split(separator: "\n").map(String.init)
            #expect(lines.sorted() == ["[app] its own", "[app] new"])
            #expect(text(Wait.readToEnd(driver.error.readEnd)) == "")
        }
    }

    @Test func noMoreIsHeldBackThanCanBeKept() {
        var held = HeldOutput()
        held.add(pieces(String(repeating: "x", count: 1000) + "\n"), to: .error, from: 7)
        #expect(!held.isFull)
        for _ in 0..<70 { held.add(pieces(String(repeating: "x", count: 1000) + "\n"), to: .output, from: 7) }
        #expect(held.isFull)
        #expect(held.entries.first?.sink == .error)
    }

    @Test func theLastLinesAreRemembered() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let source = try driver.source()
            for number in 0..<1000 { source.write("line \(number)\r\n") }
            source.closeWriteEnd()
            while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            #expect(driver.forwarder.recentLines(of: "app") == (940..<1000).map { "line \($0)" })
            driver.end()
        }
    }

    @Test func theLastLinesAreKeptForEachApp() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let (first, second) = (try driver.source(of: "first"), try driver.source(.error, of: "first"))
            let other = try driver.source(of: "other")
            for (source, line) in [(first, "one\n"), (other, "its own\n"), (second, "two\n")] {
                source.write(line)
                try driver.turn()
            }
            #expect(driver.forwarder.recentLines(of: "first") == ["one", "two"])
            #expect(driver.forwarder.recentLines(of: "other") == ["its own"])
            driver.forwarder.forget("first")
            #expect(driver.forwarder.recentLines(of: "first") == [])
            #expect(driver.forwarder.recentLines(of: "other") == ["its own"])
            first.write("three\n")
            try driver.turn()
            #expect(driver.forwarder.recentLines(of: "first") == ["three"])
            driver.end()
        }
    }

    @Test func aPromptComesThroughAtOnce() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let source = try driver.source(tag: "")
            source.write("Password: ")
            try driver.turn()
            #expect(text(Wait.readToEnd(driver.output.readEnd, enough: 10)) == "Password: ")
            driver.end()
        }
    }

    /// Whichever app was the first to be forwarded.
    @Test func aLineOfOurOwnDoesNotGoOnWithAnAppsOpenLine() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let source = try driver.source(.error, tag: "")
            source.write("Password: ")
            try driver.turn()
            driver.forwarder.write("ready\n")
            #expect(text(Wait.readToEnd(driver.error.readEnd, enough: 17)) == "Password: \nready\n")
            driver.end()
        }
    }

    /// A source that waited for room and cannot be watched again is closed: an app whose pipe nobody reads would stall.
    @Test func aSourceThatCannotBeWatchedAgainIsClosed() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            fill(driver.output)
            let source = try driver.source(tag: "")
            let line = String(repeating: "x", count: 4095) + "\n"
            while driver.forwarder.deadline == nil {
                source.write(line)
                try driver.turn()
            }
            // As if there were no memory for a watch: epoll_ctl(2) refuses a descriptor that is in the set already.
            try driver.poll.add(source.readEnd, .input) { _ in }
            #expect(driverIsOpen(driver, source.readEnd))
            driver.now = driver.now.advanced(by: .seconds(1))
            driver.forwarder.expire(at: driver.now)
            #expect(!driverIsOpen(driver, source.readEnd))
            _ = Reader(driver.output.readEnd)
            driver.end()
        }
    }

    @Test func bytesOfEveryKindPassThrough() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let source = try driver.source(tag: "")
            let bytes: [UInt8] = [0, 0xFF, 0xFE, 0x0A, 0xC3, 0x0A, 0x0D, 0x41, 0x0D, 0x42, 0x0A]
            source.write(bytes)
            source.closeWriteEnd()
            while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            #expect(Wait.readToEnd(driver.output.readEnd) == bytes)
        }
    }

    @Test func aGrandchildThatHoldsThePipeKeepsItOpenAndNothingElse() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let source = try driver.source()
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawnShell("setsid sleep 1000 & echo $!; exit 3", output: source.writeEnd)
            source.closeWriteEnd()
            #expect(children.end(of: pid) == .exited(code: 3))
            while driver.forwarder.recentLines(of: "app").isEmpty { try driver.turn() }
            let grandchild = try #require(driver.forwarder.recentLines(of: "app").first.flatMap { Int32($0) })
            defer { kill(grandchild, SIGKILL) }
            #expect(driverIsOpen(driver, source.readEnd))
            // The end does not wait for it.
            let start = MonotonicClock.now()
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            #expect(start.duration(to: MonotonicClock.now()) < .seconds(10))
            driver.end()
            #expect(text(Wait.readToEnd(driver.output.readEnd)) == "[app] \(grandchild)\n")
        }
    }

    @Test func aBlockedReaderPausesTheSourceAndThenLosesLinesWithACount() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            fill(driver.output)
            let source = try driver.source()
            let isDone = Atomic(false)
            // 3 MB: the queue, the pipe, and two thirds more.
            onThread {
                let line = Array((String(repeating: "x", count: 93) + "\n").utf8)
                for _ in 0..<32_000 { source.write(line) }
                source.closeWriteEnd()
                isDone.store(true, ordering: .relaxed)
            }
            while driver.forwarder.deadline == nil { try driver.turn() }
            #expect(driver.forwarder.deadline == driver.now.advanced(by: .seconds(1)))
            // It is not read from any more.
            try driver.turnIfReady()
            let hasWrittenAll = isDone.load(ordering: .relaxed)
            #expect(!hasWrittenAll)
            driver.now = driver.now.advanced(by: .milliseconds(999))
            driver.forwarder.expire(at: driver.now)
            #expect(driver.forwarder.deadline != nil)
            driver.now = driver.now.advanced(by: .milliseconds(1))
            driver.forwarder.expire(at: driver.now)
            // From now on the app goes on at its own speed.
            while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            #expect(driver.forwarder.deadline == nil)

            // The reader comes back.
            let reader = Reader(driver.output.readEnd)
            let isRead = Wait.until { reader.count(of: "x\n") > 10_000 }
            #expect(isRead)
            let late = try driver.source()
            late.write("late\n")
            try driver.turn()
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            #expect(Wait.until { reader.isAtEnd })
            let lines = reader.text.drop { $0 == "." }.split(separator: "\n")
            let kept = lines.count { $0 == "[app] " + String(repeating: "x", count: 93) }
            let told = lines.compactMap { line in
                line.hasPrefix("crater-run: dropped ") ? Int(line.split(separator: " ")[2]) : nil
            }
            // Every line is there or counted, and none is cut.
            #expect(kept + told.reduce(0, +) == 32_000)
            #expect(told.count >= 1)
            #expect(lines.count == kept + told.count + 1)
            #expect(lines.last == "[app] late")
        }
    }

    @Test func theLastWordsOfASourceThatIsPausedAreNotLost() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            fill(driver.output)
            let source = try driver.source(tag: "")
            let line = String(repeating: "x", count: 4095) + "\n"
            var count = 0
            while driver.forwarder.deadline == nil {
                source.write(line)
                count += 1
                try driver.turn()
            }
            // As much as a pipe holds.
            for _ in 0..<16 { source.write(line) }
            let reader = Reader(driver.output.readEnd)
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            #expect(Wait.until { reader.isAtEnd })
            #expect(reader.count(of: line) == count + 16)
        }
    }

    /// Half an hour of a reader at a crawl is no reason to lose a line, as long as it reads.
    @Test func aSlowReaderThatIsAliveLosesNothing() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            fill(driver.output)
            let source = try driver.source(tag: "")
            let line = Array((String(repeating: "x", count: 4095) + "\n").utf8)
            onThread {
                for _ in 0..<1000 { source.write(line) }
                source.closeWriteEnd()
            }
            while driver.forwarder.deadline == nil { try driver.turn() }
            var received = 0
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            for _ in 0..<10 {
                // It reads a little, less than makes room, in each second.
                let before = try #require(driver.forwarder.deadline)
                received += read(driver.output.readEnd, &buffer, buffer.count)
                // The writer's thread has filled the pipe again.
                #expect(Wait.until { isFull(driver.output) })
                driver.now = before
                driver.forwarder.expire(at: driver.now)
                if driver.forwarder.deadline == nil {
                    while driver.forwarder.deadline == nil { try driver.turn() }
                }
            }
            let reader = Reader(driver.output.readEnd)
            while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            #expect(Wait.until { reader.isAtEnd })
            #expect(!reader.text.contains("dropped"))
            #expect(received + reader.text.utf8.count == 65_536 + 1000 * 4096)
        }
    }

    /// Whether not one more page goes into a pipe.
    private func isFull(_ pipe: TestPipe) -> Bool { !Wait.isWritable(pipe.writeEnd) }

    @Test func closingWaitsNoLongerThanItMayForBothTogether() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            fill(driver.output)
            fill(driver.error)
            let (output, error) = (try driver.source(), try driver.source(.error))
            output.write("x\n")
            error.write("x\n")
            // Begun so long ago that its time is up, for both together.
            let start = MonotonicClock.now()
            driver.forwarder.close(within: Wait.limit, at: start.advanced(by: .zero - Wait.limit))
            #expect(start.duration(to: MonotonicClock.now()) < Wait.limit / 2)
        }
    }

    @Test func closingComesToAnEndWhileSomebodyStillWrites() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let source = try driver.source()
            _ = Reader(driver.output.readEnd, isKeeping: false)
            onThread { while true { source.write([UInt8](repeating: 10, count: 65_536)) } }
            try driver.turn()
            let start = MonotonicClock.now()
            driver.forwarder.close(within: .milliseconds(300), at: driver.now)
            #expect(start.duration(to: MonotonicClock.now()) < .seconds(10))
            driver.end()
        }
    }

    @Test func nothingIsLeftOpen() async throws {
        try await OwnProcess.run {
            let driver = try Driver()
            let reader = Reader(driver.output.readEnd)
            let before = openDescriptors()
            for _ in 0..<1000 {
                let source = try driver.source()
                source.write("x\n")
                source.closeWriteEnd()
                while driverIsOpen(driver, source.readEnd) { try driver.turn() }
            }
            #expect(openDescriptors() == before)
            driver.forwarder.close(within: Wait.limit, at: driver.now)
            driver.end()
            #expect(Wait.until { reader.isAtEnd })
            #expect(reader.count(of: "[app] x\n") == 1000)
        }
    }
}

/// Reads a pipe to its end on a thread of its own.
private final class Reader: Sendable {
    private let state = Mutex((bytes: [UInt8](), isAtEnd: false))

    init(_ descriptor: Int32, isKeeping: Bool = true) {
        onThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while Wait.untilReadable(descriptor) {
                let count = read(descriptor, &buffer, buffer.count)
                guard count > 0 else { break }
                if isKeeping { state.withLock { $0.bytes += buffer.prefix(count) } }
            }
            state.withLock { $0.isAtEnd = true }
        }
    }

    var isAtEnd: Bool { state.withLock { $0.isAtEnd } }
    var text: String { state.withLock { String(decoding: $0.bytes, as: UTF8.self) } }
    func count(of part: String) -> Int { text.split(separator: part, omittingEmptySubsequences: false).count - 1 }
}
