import CraterRunCore
import CraterRunLinux
import Foundation

/// `crater-run up` around a job.
extension Launcher {
    /// What stands before the options of `up`.
    static let up = ["up"]

    /// Starts `crater-run up … -- <command>`.
    func startJob(_ command: String..., options: [String] = []) throws {
        try podInfo.write()
        try startCommand(Launcher.up + ["--annotations", podInfo.path] + options + ["--"] + command)
    }

    /// Starts it around a shell script.
    func startScript(_ script: String, options: [String] = []) throws {
        try startJob("sh", "-c", script, options: options)
    }

    /// Starts it around the fake job `signals`, and waits until that is there.
    ///
    /// - Parameter ends: exit codes by the signal that ends it so.
    /// - Returns: its pid here.
    @discardableResult
    func startSignals(_ ends: [Int32: Int32] = [:], options: [String] = []) throws -> Int32 {
        try podInfo.write()
        let words = ends.map { "\($0.key):\($0.value)" }
        try startCommand(
            Launcher.up + ["--annotations", podInfo.path] + options + ["--", Launcher.fakes + "signals"] + words)
        let line = try outputLine("pid ")
        guard let inner = Int32(line.dropFirst("pid ".count)), let pid = hostPID(of: inner) else {
            throw Failure("no pid in \(line)")
        }
        return pid
    }

    /// The signals that the fake job got so far.
    var signals: [Int32] {
        output.drain()
        return output.lines.dropLast().filter { $0.hasPrefix("signal ") }.compactMap {
            Int32($0.dropFirst("signal ".count))
        }
    }

    /// Waits for the fake job to get this signal next.
    func jobGets(_ signal: Int32) throws {
        let line = try outputLine("signal ")
        guard line == "signal \(signal)" else { throw Failure("waited for signal \(signal), and got \(line)") }
    }

    /// The supervisor: the child of crater-run that leads a session. Nil if there is none.
    var supervisor: Int32? {
        HostProcesses.rows().first {
            $0.parent == pid && !$0.isZombie && $0.session == $0.identity.pid && $0.name == "crater-run"
        }?.identity.pid
    }

    /// The supervisor's pid, once there is one; another one than `former`.
    func waitForSupervisor(after former: Int32? = nil) throws -> Int32 {
        try wait(for: "the supervisor") { supervisor.flatMap { $0 == former ? nil : $0 } }
    }
}
