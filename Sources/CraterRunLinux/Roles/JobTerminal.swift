internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The terminal that controls us (/dev/tty), as far as the job is concerned: which process group is in its foreground, and
/// so may read from it and gets its Ctrl-C. A descriptor of our own; the job's are not touched.
final class JobTerminal {
    private let descriptor: Int32
    /// 0 in a pid namespace that our group does not belong to; the foreground group is shown the same way then.
    private let ownGroup = getpgrp()
    /// Whether the job's group is in the foreground because we put it there.
    private var isGiven = false

    /// Nil if no terminal controls us, or it cannot be opened.
    init?() {
        descriptor = clinux_open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0)
        guard descriptor != -1 else { return nil }
    }

    deinit { close(descriptor) }

    /// The descriptor to start the job with, if the foreground is ours to give.
    var descriptorToGive: Int32? { tcgetpgrp(descriptor) == ownGroup ? descriptor : nil }

    /// - Parameter job: its process group.
    func owner(job: Int32) -> TerminalOwner {
        switch tcgetpgrp(descriptor) {
        case job: .job
        case ownGroup: .ourselves
        default: .others
        }
    }

    /// The spawned job's group has been put into the foreground.
    func wasGiven() {
        isGiven = true
    }

    /// Puts the job's group into the foreground if ours is there.
    func give(to job: Int32) {
        let foreground = tcgetpgrp(descriptor)
        // A shell may have taken it from the job meanwhile.
        isGiven = foreground == job || foreground == ownGroup && tcsetpgrp(descriptor, job) == 0
    }

    /// Puts our group into the foreground again. Since SIGTTOU is blocked, the kernel lets a background process do it
    /// (tcsetpgrp(3)). Fails where the terminal has hung up, and then it does not matter.
    func takeBack() {
        guard isGiven else { return }
        isGiven = false
        tcsetpgrp(descriptor, ownGroup)
    }
}
