internal import CraterRunCore
internal import Glibc

/// Where Kubernetes reads why a container ended (kubernetes.io, Determine the Reason for Pod Failure): for an end that is
/// crater-run's own, or an app's, and never the job's.
package enum TerminationLog {
    private static let path = "/dev/termination-log"
    /// The kubelet reads no more, in bytes.
    private static let limit = 4096

    /// Writes the reason, a line or several, as PID 1 of a container that has such a file; anywhere else it is nobody's end.
    package static func write(_ reason: [String]) {
        guard ThisProcess.isProcessOne, FileAccess.exists(path) else { return }
        try? SmallFile.write(text(of: reason), to: path)
    }

    /// What is written: whatever is in a line stays there, as it is shown to whoever describes the Pod.
    static func text(of reason: [String]) -> String {
        let lines = reason.map(\.printable).joined(separator: "\n")
        return String(decoding: Array(lines.utf8.prefix(limit)), as: UTF8.self)
    }
}
