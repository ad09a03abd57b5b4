import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct OutputForwarderTests {
    /// A forwarder to pipes instead of descriptors 1 and 2, driven as the reactor does it.
    final class Driver {
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
    func driverIsOpen(_ driver: Driver, _ descriptor: Int32) -> Bool {
        SmallFile.link("/proc/self/fd/\(descriptor)")?.hasPrefix("pipe:") == true
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
