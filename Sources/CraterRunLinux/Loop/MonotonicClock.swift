package import CraterRunCore
internal import CLinux
internal import Glibc

/// CLOCK_MONOTONIC, which no change of the host's date moves. Everything is decided by it.
package enum MonotonicClock {
    package static func now() -> Instant {
        var time = timespec()
        // Cannot fail for a clock that every Linux has.
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }
}

/// CLOCK_REALTIME, the host's date: for the log alone.
package enum WallClock {
    package static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000)
    }
}

/// For commands that ask again until something has come about; nothing that supervises waits like this.
package enum Pause {
    package static func wait(_ duration: Duration) {
        _ = poll(nil, 0, Int32(clamping: duration.clampedNanoseconds / 1_000_000))
    }
}
