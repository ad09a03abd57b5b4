internal import CLinux
internal import Glibc

/// Where Kubernetes reads why a container ended (kubernetes.io, Determine the Reason for Pod Failure): for an end that is
/// crater-run's own, or an app's, and never the job's.
package enum TerminationLog {
    private static let path = "/dev/termination-log"
    /// The kubelet reads no more, in bytes.
    private static let limit = 4096

    /// Writes the reason, as PID 1 of a container that has such a file; anywhere else it is nobody's end.
    package static func write(_ reason: String) {
        guard ThisProcess.isProcessOne, FileAccess.exists(path) else { return }
        let text = String(decoding: Array(reason.utf8.prefix(limit)), as: UTF8.self)
        try? SmallFile.write(text, to: path)
    }
}
