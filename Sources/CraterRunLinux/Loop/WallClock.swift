package import CraterRunCore
internal import CLinux
internal import Glibc

/// CLOCK_REALTIME, the host's date: for the log and for dates that are shown, never for deadlines.
package enum WallClock {
    package static func now() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) &* 1000 &+ Int64(time.tv_nsec) / 1_000_000)
    }
}

extension DatedInstant {
    package static var now: DatedInstant { DatedInstant(MonotonicClock.now(), at: WallClock.now()) }
}
