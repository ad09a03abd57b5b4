internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The signals that are sent to crater-run, as a descriptor (signalfd(2)). All signals are blocked, so none gets lost
/// or interrupts a call. The kernel coalesces pending standard signals with the same number; it queues every real-time
/// signal, in order.
final class SignalQueue {
    let descriptor: Int32

    init() throws(SystemCallError) {
        var all = sigset_t()
        sigfillset(&all)
        descriptor = try systemCall("signalfd") {
            signalfd(-1, &all, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
        }
    }

    deinit { close(descriptor) }

    /// How many signals one call takes at most: a sender of endless signals must not keep the loop from everything
    /// else.
    private static let most = 128

    /// Takes pending signals, in the kernel's order. If any are left, the descriptor stays ready.
    func drain() -> [Signal] {
        var signals: [Signal] = []
        var info = signalfd_siginfo()
        while signals.count < SignalQueue.most,
            read(descriptor, &info, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size
        {
            signals.append(Signal(number: Int32(truncatingIfNeeded: info.ssi_signo)))
        }
        return signals
    }
}
