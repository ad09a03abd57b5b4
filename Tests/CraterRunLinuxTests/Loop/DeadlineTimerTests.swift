import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

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
        timer.set(MonotonicInstant(nanoseconds: past))
        #expect(Wait.untilReadable(timer.descriptor))
        timer.acknowledge()
        // The same once more.
        timer.set(MonotonicInstant(nanoseconds: past))
        #expect(Wait.untilReadable(timer.descriptor))
    }

    @Test func theFarEndOfTimeIsNeverReached() throws {
        let timer = try DeadlineTimer()
        timer.set(MonotonicInstant(nanoseconds: .max))
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
