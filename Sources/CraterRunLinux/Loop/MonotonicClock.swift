internal import CLinux
package import CraterRunCore
internal import Glibc

/// CLOCK_MONOTONIC, which does not move when the host's date is changed. All deadlines and delays use this clock.
package enum MonotonicClock {
    package static func now() -> MonotonicInstant {
        var time = timespec()
        // Every Linux has this clock, so the call cannot fail.
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}
