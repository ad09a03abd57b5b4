internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Our controlling terminal (/dev/tty). Decides whether the job's process group is in its foreground: that group may
/// read from the terminal and gets its Ctrl-C. Uses a descriptor of its own, and never touches the job's descriptors.
final class JobTerminal {
    private let descriptor: Int32
    /// 0 if our group is not in our pid namespace. The kernel then reports such a foreground group as 0 too.
    private let ownGroup = getpgrp()
    /// Whether the job's group is in the foreground because we put it there.
    private var isGiven = false

    /// Nil if there is no controlling terminal, or if it cannot be opened.
    init?() {
        descriptor = clinux_open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY, 0)
        guard descriptor != -1 else { return nil }
    }

    deinit { close(descriptor) }

    /// The descriptor for starting the job in the foreground; nil if our group is not in the foreground.
    var descriptorToGive: Int32? { tcgetpgrp(descriptor) == ownGroup ? descriptor : nil }

    /// - Parameter job: the job's process group.
    func owner(job: Int32) -> TerminalOwner {
        switch tcgetpgrp(descriptor) {
        case job: .job
        case ownGroup: .ourselves
        default: .others
        }
    }

    /// Has to be called once the spawned job's group has been put into the foreground.
    func wasGiven() {
        isGiven = true
    }

    /// Puts the job's group into the foreground if our group is there.
    func give(to job: Int32) {
        let foreground = tcgetpgrp(descriptor)
        // A shell may have taken the foreground from the job meanwhile.
        isGiven = foreground == job || foreground == ownGroup && tcsetpgrp(descriptor, job) == 0
    }

    /// Puts our group into the foreground again. Since SIGTTOU is blocked, the kernel lets a background process do this
    /// (tcsetpgrp(3)). The call fails if the terminal has hung up; then nobody needs the foreground.
    func takeBack() {
        guard isGiven else { return }
        isGiven = false
        tcsetpgrp(descriptor, ownGroup)
    }
}
