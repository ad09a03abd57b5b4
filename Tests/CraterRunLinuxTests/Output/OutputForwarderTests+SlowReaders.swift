import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

/// Readers that are slow, or do not read at all.
extension OutputForwarderTests {
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
}
