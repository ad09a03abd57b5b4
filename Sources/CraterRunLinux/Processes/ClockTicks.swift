internal import Glibc

/// The unit of processor times in /proc (proc(5)).
enum ClockTicks {
    /// How many ticks a second has: 100 almost everywhere.
    static var perSecond: Int { max(sysconf(Int32(_SC_CLK_TCK)), 1) }
}
