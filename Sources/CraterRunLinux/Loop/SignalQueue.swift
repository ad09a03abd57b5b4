internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The signals that are sent to crater-run, as a descriptor (signalfd(2)). All are blocked, so none can get lost or
/// interrupt anything; standard ones coalesce in the kernel, real-time ones come each and in order.
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

    /// As many as are taken at once: whoever sends more without end must not keep us from everything else.
    private static let most = 128

    /// The signals that are pending, in the kernel's order; the poll tells again of those that are left.
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
