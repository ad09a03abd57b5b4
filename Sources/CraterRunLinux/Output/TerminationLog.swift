internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The file in which Kubernetes looks for the reason why a container ended (kubernetes.io, Determine the Reason for Pod
/// Failure). crater-run writes it if crater-run or an app is the reason, and never if the job is.
package enum TerminationLog {
    private static let path = "/dev/termination-log"
    /// How much the kubelet reads, in bytes.
    private static let limit = 4096

    /// Writes the reason, if the file exists and our end is the container's end.
    ///
    /// - Parameter reason: one or more lines.
    package static func write(_ reason: [String]) {
        guard FileAccess.exists(path), ThisProcess.isContainersMain else { return }
        try? SmallFile.write(text(of: reason), to: path)
    }

    /// The text that is written. It is shown by `kubectl describe pod`, so control characters are escaped, and a line
    /// stays one line.
    static func text(of reason: [String]) -> String {
        let lines = reason.map(\.printable).joined(separator: "\n")
        return String(decoding: Array(lines.utf8.prefix(limit)), as: UTF8.self)
    }
}

extension ThisProcess {
    /// Whether we are the container's main process: as PID 1, in a Pod with a shared process namespace, or behind a
    /// program such as sudo or tini. False if this cannot be known.
    static var isContainersMain: Bool {
        if isProcessOne { return true }
        // In a /proc that hides other users' processes we would seem to be the oldest process.
        guard ProcessTable.row(of: 1) != nil else { return false }
        let place = ContainerPlace(of: "self")
        let own = ProcessTable.rows().filter { $0.identity.pid == pid || place.isShared(by: $0.identity.pid) }
        return ContainerMain.isMain(pid, among: own)
    }
}

/// What the processes of one container have in common, and what differs in the Pod's other containers.
private struct ContainerPlace {
    private let mounts: String?
    private let controlGroups: [UInt8]?

    /// - Parameter process: a pid, or `self`.
    init(of process: String) {
        mounts = SmallFile.link("/proc/\(process)/ns/mnt")
        controlGroups = try? SmallFile.read("/proc/\(process)/cgroup")
    }

    /// Whether a process is in the same container. The control groups are compared if we may not see the other
    /// process's mount namespace.
    func isShared(by pid: Int32) -> Bool {
        let other = ContainerPlace(of: String(pid))
        if let mounts, let others = other.mounts { return mounts == others }
        return controlGroups == other.controlGroups
    }
}
