internal import CLinux
package import CraterRunCore
internal import Glibc

/// CLOCK_MONOTONIC, which no change of the host's date moves. Everything is decided by it.
package enum MonotonicClock {
    package static func now() -> MonotonicInstant {
        var time = timespec()
        // Cannot fail for a clock that every Linux has.
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}
