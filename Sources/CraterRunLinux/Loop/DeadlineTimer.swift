internal import CLinux
internal import CraterRunCore
internal import Glibc

/// One alarm at an instant, as a descriptor (timerfd_create(2)).
final class DeadlineTimer {
    let descriptor: Int32
    private var armedFor: MonotonicInstant?

    init() throws(SystemCallError) {
        descriptor = try systemCall("timerfd_create") {
            timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC) | Int32(TFD_NONBLOCK))
        }
    }

    deinit { close(descriptor) }

    /// Sets the alarm; nil turns it off. An instant that has passed goes off at once.
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

    /// Takes note that the alarm went off.
    func acknowledge() {
        var expirations: UInt64 = 0
        _ = read(descriptor, &expirations, MemoryLayout<UInt64>.size)
        armedFor = nil
    }
}
