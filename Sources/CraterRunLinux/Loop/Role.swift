internal import CraterRunCore
internal import Glibc

/// What the reactor turns for: it looks after apps, or after a job. Everything is called on the reactor's one thread.
protocol Role: AnyObject {
    /// When ``expire(at:)`` is due; nil if nothing is.
    var deadline: MonotonicInstant? { get }
    /// Set when there is nothing left to do.
    var exitCode: Int32? { get }

    /// The reactor turns for the first time.
    func begin()
    func received(_ signal: Signal)
    /// A child changed its state without ending: it was stopped or continued.
    func childrenChanged()
    /// A child ended. Its pid cannot be reused before ``reaped(_:)``.
    func ended(_ pid: Int32, _ status: ExitStatus)
    func reaped(_ pid: Int32)
    /// Everything that has ended by now has been reaped, and something had.
    func settled()
    /// The reactor has come back from waiting.
    func turned(at now: MonotonicInstant)
    /// Do whatever is due by now.
    func expire(at now: MonotonicInstant)
    /// The last call.
    func finish()
}

extension Role {
    func childrenChanged() {}
    func settled() {}
    func turned(at now: MonotonicInstant) {}
}
