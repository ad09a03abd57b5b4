internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A child that was forked, and may not have executed its program yet.
struct Spawning: Sendable {
    /// Until the program is executed, the child may not lead its session yet. Then it has no group of its own that
    /// could be signaled.
    let pid: Int32
    /// The read end of a pipe, non-blocking and close-on-exec; the caller closes it. The pipe is at its end once the
    /// program was executed. If the program cannot be executed, the pipe contains the error.
    let report: Int32
}
