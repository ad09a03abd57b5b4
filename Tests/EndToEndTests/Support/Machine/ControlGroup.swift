import CraterRunLinux
import Foundation
import Glibc
import Testing

/// A control group that a test makes, and that goes with it. It needs root, and a controller that the machine lets it have.
final class ControlGroup {
    let path: String
    /// Whether it is one of cgroup v2.
    let isUnified: Bool

    /// - Parameter controller: such as `memory`.
    /// - Returns: nil where the machine does not let us.
    init?(_ controller: String) {
        let name = "crater-e2e-\(UUID().uuidString)"
        let isUnified = FileManager.default.fileExists(atPath: "/sys/fs/cgroup/cgroup.controllers")
        let parent = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/\(controller)"
        path = "\(parent)/\(name)"
        self.isUnified = isUnified
        // Another file system would take any directory.
        guard FileManager.default.fileExists(atPath: "\(parent)/cgroup.procs"), mkdir(path, 0o755) == 0 else {
            return nil
        }
        guard isUnified else { return }
        let controllers = (try? SmallFile.read("\(path)/cgroup.controllers")).map {
            String(decoding: $0, as: UTF8.self)
        }
        if controllers?.split(whereSeparator: \.isWhitespace).contains(Substring(controller)) != true {
            rmdir(path)
            return nil
        }
    }

    deinit { remove() }

    static func isAvailable(_ controller: String) -> Bool { ControlGroup(controller) != nil }

    func add(_ pid: Int32) throws { try SmallFile.write("\(pid)", to: "\(path)/cgroup.procs") }

    /// Writes a setting; false where there is none of this name.
    @discardableResult
    func set(_ name: String, _ value: String) -> Bool { (try? SmallFile.write(value, to: "\(path)/\(name)")) != nil }

    /// Limits the memory of what is in it.
    func limitMemory(_ bytes: Int) -> Bool { set(isUnified ? "memory.max" : "memory.limit_in_bytes", "\(bytes)") }

    /// Puts the shell that executes the command that follows into it.
    var wrapper: [String] { ["sh", "-c", #"echo $$ >"$0/cgroup.procs" && exec "$@""#, path] }

    private func remove() {
        let deadline = Deadline(.seconds(10))
        // What was in it may be on its way out.
        while rmdir(path) == -1, errno == EBUSY, !deadline.hasPassed {
            let pids = (try? SmallFile.read("\(path)/cgroup.procs")).map { String(decoding: $0, as: UTF8.self) } ?? ""
            for pid in pids.split(separator: "\n").compactMap({ Int32($0) }) { kill(pid, SIGKILL) }
            _ = poll(nil, 0, 5)
        }
    }
}
