internal import CraterRunCore
internal import Glibc

/// The work that the reactor's loop does: a role looks after the apps, or after the job. All its members are called on
/// the reactor's thread.
protocol Role: AnyObject {
    /// When ``expire(at:)`` has to be called; nil if there is no deadline.
    var deadline: MonotonicInstant? { get }
    /// Not nil once there is nothing left to do: then the loop ends.
    var exitCode: Int32? { get }

    /// Called once, before the loop's first turn.
    func begin()
    func received(_ signal: Signal)
    /// SIGCHLD came: a child may have been stopped or continued. Ended children are told by ``ended(_:_:)``.
    func childrenChanged()
    /// A child ended. Its pid cannot be reused before ``reaped(_:)``.
    func ended(_ pid: Int32, _ status: ExitStatus)
    func reaped(_ pid: Int32)
    /// At least one child had ended, and all children that have ended by now have been reaped.
    func settled()
    /// The loop has come back from waiting.
    func turned(at now: MonotonicInstant)
    /// Does what is due by now.
    func expire(at now: MonotonicInstant)
    /// The last call.
    func finish()
}

extension Role {
    func childrenChanged() {}
    func settled() {}
    func turned(at now: MonotonicInstant) {}
}
