import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct EventPollTests {
    /// A poll whose handlers leave their names, in the order in which they were called.
    private final class Driver {
        let poll: EventPoll
        private(set) var called: [String] = []

        init() throws { poll = try EventPoll() }

        /// - Parameter then: what the handler does beside leaving its name.
        func add(
            _ descriptor: Int32, _ name: String, waitingFor interest: EventPoll.Interest = .input,
            then: @escaping () throws -> Void = {}
        ) throws {
            try poll.add(descriptor, interest) { [unowned self] _ in
                called.append(name)
                #expect(throws: Never.self) { try then() }
            }
        }

        /// One turn of the loop, which waits until something is ready; whose handlers it called.
        func turn() throws -> [String] {
            called = []
            for ready in try poll.wait() { poll.handle(ready, at: MonotonicClock.now()) }
            return called
        }
    }

    private func readyPipe() throws -> TestPipe {
        let pipe = try TestPipe()
        pipe.write("x")
        return pipe
    }

    private func close(_ pipes: TestPipe...) {
        for pipe in pipes {
            pipe.closeReadEnd()
            pipe.closeWriteEnd()
        }
    }

    @Test func callsTheHandlersOfWhatIsReady() throws {
        let driver = try Driver()
        let (one, two) = (try TestPipe(), try readyPipe())
        defer { close(one, two) }
        try driver.add(one.readEnd, "one")
        try driver.add(two.readEnd, "two")
        #expect(try driver.turn() == ["two"])
        one.write("x")
        #expect(try Set(driver.turn()) == ["one", "two"])
        driver.poll.remove(two.readEnd)
        #expect(try driver.turn() == ["one"])
    }

    @Test func handlersGetTheInstantOfTheTurn() throws {
        let poll = try EventPoll()
        let pipe = try readyPipe()
        defer { close(pipe) }
        var seen: [MonotonicInstant] = []
        try poll.add(pipe.readEnd, .input) { seen.append($0) }
        for ready in try poll.wait() { poll.handle(ready, at: MonotonicInstant(nanoseconds: 7)) }
        #expect(seen == [MonotonicInstant(nanoseconds: 7)])
    }

    /// So that a program's start is followed before the signal that the program sends us.
    @Test func whatBecameReadyFirstComesFirst() throws {
        let driver = try Driver()
        let pipes = try (0..<20).map { _ in try TestPipe() }
        for (index, pipe) in pipes.enumerated() { try driver.add(pipe.readEnd, "\(index)") }
        for pipe in pipes.reversed() { pipe.write("x") }
        #expect(try driver.turn() == (0..<20).reversed().map(String.init))
        for pipe in pipes { close(pipe) }
    }

    @Test func aHangUpIsInputAndIsToldWhateverIsWaitedFor() throws {
        let driver = try Driver()
        let pipe = try TestPipe()
        try driver.add(pipe.readEnd, "input")
        pipe.closeWriteEnd()
        #expect(try driver.turn() == ["input"])
        driver.poll.remove(pipe.readEnd)
        try driver.add(pipe.readEnd, "output", waitingFor: .output)
        #expect(try driver.turn() == ["output"])
        // Again and again, until the descriptor is removed.
        #expect(try driver.turn() == ["output"])
        driver.poll.remove(pipe.readEnd)
        pipe.closeReadEnd()
    }

    @Test func waitsForWhatItWasLastToldToWaitForWithTheSameHandler() throws {
        let driver = try Driver()
        var ends: [Int32] = [-1, -1]
        try systemCall("socketpair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) }
        defer { ends.forEach { Glibc.close($0) } }
        let bell = try readyPipe()
        defer { close(bell) }
        try driver.add(ends[0], "socket", waitingFor: .output)
        #expect(try driver.turn() == ["socket"])
        try driver.poll.change(ends[0], .input)
        try driver.add(bell.readEnd, "bell")
        #expect(try driver.turn() == ["bell"])
        let other = ends[1]
        var byte: UInt8 = 1
        write(other, &byte, 1)
        #expect(try Set(driver.turn()) == ["socket", "bell"])
    }

    // MARK: - Within one turn

    @Test func aDescriptorThatAnotherHandlerRemovesIsNotTold() throws {
        let driver = try Driver()
        let (one, two, three) = (try readyPipe(), try readyPipe(), try readyPipe())
        defer { close(one, two, three) }
        try driver.add(one.readEnd, "one") { driver.poll.remove(two.readEnd) }
        try driver.add(two.readEnd, "two")
        try driver.add(three.readEnd, "three")
        #expect(try driver.turn() == ["one", "three"])
        #expect(try driver.turn() == ["one", "three"])
    }

    @Test func aHandlerMayRemoveItsOwnDescriptor() throws {
        let driver = try Driver()
        let (one, two) = (try readyPipe(), try readyPipe())
        defer { close(one, two) }
        try driver.add(one.readEnd, "one") { driver.poll.remove(one.readEnd) }
        try driver.add(two.readEnd, "two")
        #expect(try driver.turn() == ["one", "two"])
        #expect(try driver.turn() == ["two"])
    }

    /// The new descriptor has the old one's number, and its own event has not been told yet.
    @Test func theEventOfAClosedDescriptorMeetsNobodyWhoGotItsNumber() throws {
        let driver = try Driver()
        let (one, two) = (try readyPipe(), try readyPipe())
        let other = try TestPipe()
        defer { close(one, other) }
        let number = two.readEnd
        try driver.add(one.readEnd, "one") {
            driver.poll.remove(one.readEnd)
            driver.poll.remove(number)
            // In one call: a test beside this one could take the number that close(2) leaves.
            try systemCall("dup2") { dup2(other.readEnd, number) }
            try driver.add(number, "new")
        }
        try driver.add(number, "old")
        #expect(try driver.turn() == ["one"])
        other.write("x")
        #expect(try driver.turn() == ["new"])
        driver.poll.remove(number)
        close(two)
    }

    /// The kernel takes a descriptor out of the set that is closed, so nothing needs to be left of it.
    @Test func aDescriptorThatWasClosedWithoutARemovalLeavesItsNumberToTheNext() throws {
        let driver = try Driver()
        let (one, two) = (try readyPipe(), try readyPipe())
        let other = try readyPipe()
        defer { close(one, other) }
        let number = two.readEnd
        try driver.add(one.readEnd, "one") {
            driver.poll.remove(one.readEnd)
            try systemCall("dup2") { dup2(other.readEnd, number) }
            try driver.add(number, "new")
        }
        try driver.add(number, "old")
        #expect(try driver.turn() == ["one"])
        #expect(try driver.turn() == ["new"])
        driver.poll.remove(number)
        close(two)
    }

    @Test func aDescriptorThatIsRemovedAndAddedAgainIsToldInTheNextTurn() throws {
        let driver = try Driver()
        let (one, two) = (try readyPipe(), try readyPipe())
        defer { close(one, two) }
        try driver.add(one.readEnd, "one") {
            driver.poll.remove(one.readEnd)
            driver.poll.remove(two.readEnd)
            try driver.add(two.readEnd, "again")
        }
        try driver.add(two.readEnd, "two")
        #expect(try driver.turn() == ["one"])
        #expect(try driver.turn() == ["again"])
    }

    @Test func whatAHandlerAddsIsToldInTheNextTurn() throws {
        let driver = try Driver()
        let (one, two) = (try readyPipe(), try readyPipe())
        defer { close(one, two) }
        try driver.add(one.readEnd, "one") {
            driver.poll.remove(one.readEnd)
            try driver.add(two.readEnd, "two")
        }
        #expect(try driver.turn() == ["one"])
        #expect(try driver.turn() == ["two"])
    }

    // MARK: - Limits

    @Test func moreDescriptorsThanOneCallTellsAreAllToldInTime() throws {
        let driver = try Driver()
        let pipes = try (0..<100).map { _ in try readyPipe() }
        for (index, pipe) in pipes.enumerated() {
            try driver.add(pipe.readEnd, "\(index)") { driver.poll.remove(pipe.readEnd) }
        }
        var seen: [String] = []
        while seen.count < 100 { seen += try driver.turn() }
        #expect(Set(seen).count == 100)
        for pipe in pipes { close(pipe) }
    }

    @Test func refusalsAreErrorsAndLeaveTheHandlerThatIsThere() throws {
        let driver = try Driver()
        let pipe = try readyPipe()
        defer { close(pipe) }
        try driver.add(pipe.readEnd, "first")
        #expect(throws: SystemCallError(call: "epoll_ctl", number: EEXIST)) {
            try driver.add(pipe.readEnd, "second")
        }
        #expect(throws: SystemCallError(call: "epoll_ctl", number: ENOENT)) {
            try driver.poll.change(pipe.writeEnd, .input)
        }
        #expect(throws: SystemCallError(call: "epoll_ctl", number: EBADF)) { try driver.add(-1, "none") }
        driver.poll.remove(pipe.writeEnd)
        driver.poll.remove(-1)
        #expect(try driver.turn() == ["first"])
    }

    /// Whoever owns the poll must not be kept by what is in it.
    @Test func aRemovedHandlerIsLetGo() throws {
        final class Owned {}
        let poll = try EventPoll()
        let pipe = try TestPipe()
        defer { close(pipe) }
        weak var kept: Owned?
        do {
            let owned = Owned()
            kept = owned
            try poll.add(pipe.readEnd, .input) { _ in _ = owned }
        }
        #expect(kept != nil)
        poll.remove(pipe.readEnd)
        #expect(kept == nil)
    }
}
