internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A descriptor that becomes ready for reading at a set instant (timerfd_create(2)).
final class DeadlineTimer {
    let descriptor: Int32
    private var armedFor: MonotonicInstant?

    init() throws(SystemCallError) {
        descriptor = try systemCall("timerfd_create") {
            timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
        }
    }

    deinit { close(descriptor) }

    /// Sets the alarm; nil turns it off. If the instant has passed, the alarm goes off at once.
    func set(_ deadline: MonotonicInstant?) {
        guard deadline != armedFor else { return }
        armedFor = deadline
        var setting = itimerspec()
        if let deadline {
            // Zero would turn the timer off.
            let nanoseconds = max(deadline.nanoseconds, 1)
            setting.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
            setting.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        }
        timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }

    /// Has to be called after the alarm went off: makes the descriptor not ready again.
    func acknowledge() {
        var expirations: UInt64 = 0
        _ = read(descriptor, &expirations, MemoryLayout<UInt64>.size)
        armedFor = nil
    }
}
