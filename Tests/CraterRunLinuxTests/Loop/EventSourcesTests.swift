import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct SignalQueueTests {
    @Test func standardSignalsCoalesceAndRealTimeOnesComeEachAndInOrder() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let queue = try SignalQueue()
            #expect(!Wait.isReadable(queue.descriptor))
            #expect(queue.drain().isEmpty)
            let sent: [Int32] = [64, 34, 40, 34, 40, 64, 34]
            for signal in sent { kill(getpid(), signal) }
            for _ in 1...100 {
                kill(getpid(), SIGTERM)
                kill(getpid(), SIGHUP)
            }
            #expect(Wait.isReadable(queue.descriptor))
            // The lowest number first, those of one number in order: as the kernel has it.
            #expect(queue.drain().map(\.number) == [SIGHUP, SIGTERM, 34, 34, 34, 40, 40, 64, 64])
            #expect(queue.drain().isEmpty)
            kill(getpid(), SIGTERM)
            #expect(queue.drain() == [.terminate])
        }
    }

    @Test func aBurstOfRealTimeSignalsIsKeptWhole() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let queue = try SignalQueue()
            let burst = (0..<1000).map { Int32(34 + $0 % 31) }
            for signal in burst { try systemCall("kill") { kill(getpid(), signal) } }
            // A part at a time, so that a flood cannot keep us from everything else.
            var seen: [Int32] = []
            while case let part = queue.drain(), !part.isEmpty {
                #expect(part.count <= 128)
                seen += part.map(\.number)
            }
            #expect(seen == burst.sorted())
        }
    }

    @Test func everySignalThatCanBeCaughtIsSeen() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let queue = try SignalQueue()
            let signals = (1...64).filter { ![SIGKILL, SIGSTOP, 32, 33].contains($0) }
            for signal in signals {
                kill(getpid(), signal)
                #expect(queue.drain().map(\.number) == [signal])
            }
        }
    }

    @Test func theEndOfAChildIsToldEvenIfItWasIgnored() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            clinux_set_ignored(SIGCHLD, 1)
            let inherited = InheritedSignals.recordAndBlockAll()
            let queue = try SignalQueue()
            var children = ChildProcesses(inherited: inherited)
            let pid = try children.spawn([try Tool.path("sleep"), "1000"])
            kill(pid, SIGKILL)
            #expect(Wait.untilReadable(queue.descriptor))
            #expect(queue.drain() == [.child])
            #expect(children.end(of: pid) == .signaled(.kill))
        }
    }
}

@Suite struct DeadlineTimerTests {
    @Test func goesOffAtItsInstantAndNotBefore() throws {
        let timer = try DeadlineTimer()
        let deadline = MonotonicClock.now().advanced(by: .milliseconds(20))
        timer.set(deadline)
        #expect(Wait.untilReadable(timer.descriptor))
        #expect(MonotonicClock.now() >= deadline)
        timer.acknowledge()
        #expect(!Wait.isReadable(timer.descriptor))
    }

    @Test(arguments: [Int64.min, -1, 0, 1, 1_000_000_000]) func anInstantThatHasPassedGoesOffAtOnce(_ past: Int64)
        throws
    {
        let timer = try DeadlineTimer()
        timer.set(Instant(nanoseconds: past))
        #expect(Wait.untilReadable(timer.descriptor))
        timer.acknowledge()
        // The same once more.
        timer.set(Instant(nanoseconds: past))
        #expect(Wait.untilReadable(timer.descriptor))
    }

    @Test func theFarEndOfTimeIsNeverReached() throws {
        let timer = try DeadlineTimer()
        timer.set(Instant(nanoseconds: .max))
        #expect(try remaining(timer) > 1_000_000_000)
    }

    @Test func anEarlierInstantReplacesALaterOneAndNilTurnsItOff() throws {
        let timer = try DeadlineTimer()
        timer.set(MonotonicClock.now().advanced(by: .seconds(1000)))
        timer.set(MonotonicClock.now())
        #expect(Wait.untilReadable(timer.descriptor))
        timer.set(MonotonicClock.now().advanced(by: .seconds(1000)))
        #expect(!Wait.isReadable(timer.descriptor))
        timer.set(nil)
        #expect(try remaining(timer) == 0)
        // What was never set off can be acknowledged.
        timer.acknowledge()
    }

    /// Seconds that the kernel has left on it; 0 if it is off.
    private func remaining(_ timer: DeadlineTimer) throws -> Int {
        var setting = itimerspec()
        try systemCall("timerfd_gettime") { timerfd_gettime(timer.descriptor, &setting) }
        return setting.it_value.tv_sec
    }
}
