import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite struct EventPollTests {
    private let poll: EventPoll

    init() throws { poll = try EventPoll() }

    /// Waits once, and calls the handlers of what is ready.
    private func turn() throws {
        let now = MonotonicClock.now()
        for ready in try poll.wait() { poll.handle(ready, at: now) }
    }

    /// What handlers have noted, in order.
    private final class Log {
        var names: [String] = []
    }

    private func add(_ target: Int32, _ interest: EventPoll.Interest = .input, as name: String, to log: Log) throws {
        try poll.add(target, interest) { _ in log.names.append(name) }
    }

    @Test func callsTheHandlerOfWhatIsReady() throws {
        let log = Log()
        let (one, two) = (try TestPipe(), try TestPipe())
        try add(one.readEnd, as: "one", to: log)
        try add(two.readEnd, as: "two", to: log)
        two.write("x")
        try turn()
        #expect(log.names == ["two"])
        one.write("x")
        try turn()
        #expect(log.names.dropFirst().sorted() == ["one", "two"])
        poll.remove(two.readEnd)
        try turn()
        #expect(log.names.last == "one" && log.names.count == 4)
        // The end of a pipe is input too.
        _ = Wait.readToEnd(one.readEnd, enough: 1)
        one.closeWriteEnd()
        try turn()
        #expect(log.names.count == 5)
    }

    @Test func waitsForWhatItWasLastToldToWaitFor() throws {
        let log = Log()
        var ends: [Int32] = [-1, -1]
        try systemCall("socketpair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) }
        defer { ends.forEach { close($0) } }
        try add(ends[0], .output, as: "it", to: log)
        try turn()
        #expect(log.names == ["it"])
        try poll.change(ends[0], .input)
        let other = ends[1]
        var byte: UInt8 = 1
        write(other, &byte, 1)
        try turn()
        #expect(log.names == ["it", "it"])
    }

    @Test func moreDescriptorsThanOneWaitTellsAreAllToldInTime() throws {
        let pipes = try (0..<100).map { _ in try TestPipe() }
        let log = Log()
        for (index, pipe) in pipes.enumerated() {
            let descriptor = pipe.readEnd
            try poll.add(descriptor, .input) { [poll] _ in
                log.names.append("\(index)")
                poll.remove(descriptor)
            }
            pipe.write("x")
        }
        while log.names.count < 100 {
            let before = log.names.count
            try turn()
            try #require(log.names.count > before)
        }
        #expect(Set(log.names).count == 100)
        for pipe in pipes {
            pipe.closeReadEnd()
            pipe.closeWriteEnd()
        }
    }

    /// Two are ready in one turn; the first handler takes out the second.
    @Test func anEventOfADescriptorThatWasRemovedMeetsNobody() throws {
        let log = Log()
        let (one, two) = (try TestPipe(), try TestPipe())
        for (pipe, other) in [(one, two), (two, one)] {
            let descriptor = other.readEnd
            try poll.add(pipe.readEnd, .input) { [poll] _ in
                log.names.append("first")
                poll.remove(descriptor)
            }
            pipe.write("x")
        }
        try turn()
        #expect(log.names == ["first"])
    }

    /// The number of a descriptor that was closed belongs to another file at once.
    @Test func anEventOfAFormerDescriptorDoesNotMeetTheHandlerOfItsSuccessor() throws {
        let log = Log()
        let (one, two) = (try TestPipe(), try TestPipe())
        let next = try TestPipe()
        for (pipe, other) in [(one, two), (two, one)] {
            let (own, descriptor, successor) = (pipe.readEnd, other.readEnd, next.readEnd)
            try poll.add(own, .input) { [poll] _ in
                log.names.append("first")
                poll.remove(own)
                poll.remove(descriptor)
                // As close(2) and a new descriptor of the same number do.
                dup2(successor, descriptor)
                try? poll.add(descriptor, .input) { _ in log.names.append("successor") }
            }
            pipe.write("x")
        }
        try turn()
        #expect(log.names == ["first"])
        next.write("x")
        try turn()
        #expect(log.names == ["first", "successor"])
    }

    @Test func aHandlerMayRemoveItselfAndAddAnother() throws {
        let log = Log()
        let (one, two) = (try TestPipe(), try TestPipe())
        let (first, second) = (one.readEnd, two.readEnd)
        try poll.add(first, .input) { [poll] _ in
            log.names.append("one")
            poll.remove(first)
            try? poll.add(second, .input) { _ in log.names.append("two") }
        }
        one.write("x")
        two.write("x")
        try turn()
        try turn()
        #expect(log.names == ["one", "two"])
    }

    @Test func tellsTheTimeOfTheTurn() throws {
        let pipe = try TestPipe()
        pipe.write("x")
        var told: Instant?
        try poll.add(pipe.readEnd, .input) { told = $0 }
        let now = MonotonicClock.now()
        for ready in try poll.wait() { poll.handle(ready, at: now) }
        #expect(told == now)
    }

    @Test func refusalsAreErrorsAndChangeNothing() throws {
        let log = Log()
        let pipe = try TestPipe()
        try add(pipe.readEnd, as: "kept", to: log)
        #expect(throws: SystemCallError(call: "epoll_ctl", number: EEXIST)) {
            try add(pipe.readEnd, as: "refused", to: log)
        }
        #expect(throws: SystemCallError(call: "epoll_ctl", number: ENOENT)) { try poll.change(pipe.writeEnd, .input) }
        #expect(throws: SystemCallError(call: "epoll_ctl", number: EBADF)) { try add(-1, as: "none", to: log) }
        poll.remove(pipe.writeEnd)
        poll.remove(-1)
        pipe.write("x")
        try turn()
        #expect(log.names == ["kept"])
    }
}
