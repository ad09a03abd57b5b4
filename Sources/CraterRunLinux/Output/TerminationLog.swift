internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Where Kubernetes reads why a container ended (kubernetes.io, Determine the Reason for Pod Failure): for an end that is
/// crater-run's own, or an app's, and never the job's.
package enum TerminationLog {
    private static let path = "/dev/termination-log"
    /// The kubelet reads no more, in bytes.
    private static let limit = 4096

    /// Writes the reason, a line or several, where there is such a file and our end is the container's; anywhere else it is
    /// nobody's end.
    package static func write(_ reason: [String]) {
        guard FileAccess.exists(path), ThisProcess.isContainersMain else { return }
        try? SmallFile.write(text(of: reason), to: path)
    }

    /// What is written: whatever is in a line stays there, as it is shown to whoever describes the Pod.
    static func text(of reason: [String]) -> String {
        let lines = reason.map(\.printable).joined(separator: "\n")
        return String(decoding: Array(lines.utf8.prefix(limit)), as: UTF8.self)
    }
}

extension ThisProcess {
    /// Whether the container was started for us: as PID 1, or in a Pod that shares its processes, or behind a program such as sudo
    /// or tini. Where that cannot be known it is not so.
    static var isContainersMain: Bool {
        if isProcessOne { return true }
        // A /proc that hides other users' processes would have us for the oldest.
        guard ProcessTable.row(of: 1) != nil else { return false }
        let place = ContainerPlace(of: "self")
        let own = ProcessTable.rows().filter { $0.identity.pid == pid || place.isShared(by: $0.identity.pid) }
        return ContainerMain.isMain(pid, among: own)
    }
}

/// What the processes of one container have in common, and those of another one of the Pod do not.
private struct ContainerPlace {
    private let mounts: String?
    private let controlGroups: [UInt8]?

    /// - Parameter process: a pid, or `self`.
    init(of process: String) {
        mounts = SmallFile.link("/proc/\(process)/ns/mnt")
        controlGroups = try? SmallFile.read("/proc/\(process)/cgroup")
    }

    /// Whether a process is of the same container. Who may not see another user's mount namespace sees its control groups.
    func isShared(by pid: Int32) -> Bool {
        let other = ContainerPlace(of: String(pid))
        if let mounts, let others = other.mounts { return mounts == others }
        return controlGroups == other.controlGroups
    }
}
