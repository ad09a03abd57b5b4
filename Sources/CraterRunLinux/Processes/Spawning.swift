internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A child that was forked, and whose program may not have been executed yet.
struct Spawning: Sendable {
    /// Until the program is executed it may not lead its session yet, and so have no group to signal.
    let pid: Int32
    /// Read end of a pipe, non-blocking, with close-on-exec, for the caller to close: at its end once the program was executed;
    /// otherwise what kept it from that comes out.
    let report: Int32
}
