import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc

/// A job that goes on until the test ends it, with the code that the test says.
enum GatedJob {
    /// Says its pid first. Each signal it gets is recorded; TERM ends it with 143 as it would any program.
    static let command = ["sh", "-c", "echo job $$; read code < gate; exit $code"]

    static func prepare(in directory: String) throws {
        guard mkfifo("\(directory)/gate", 0o600) == 0 || errno == EEXIST else {
            throw Failure("mkfifo: \(systemErrorText(errno))")
        }
    }

    /// Opens the gate for a job that waits at it, or will.
    static func finish(in directory: String, code: Int32) throws {
        // For reading as well, so that neither end waits for the other.
        let descriptor = open("\(directory)/gate", O_RDWR | O_CLOEXEC)
        guard descriptor != -1 else { throw Failure("cannot open the gate: \(systemErrorText(errno))") }
        let line = Array("\(code)\n".utf8)
        // Never closed: what was written would go with the last one who has it open, read or not.
        guard write(descriptor, line, line.count) == line.count else { throw Failure("cannot write to the gate") }
    }
}

extension Launcher {
    /// Starts `crater-run up --annotations …` with these options, and a job unless it is empty.
    func startUp(_ options: [String], job: [String] = GatedJob.command) throws {
        try GatedJob.prepare(in: work)
        try podInfo.write()
        try startCommand(["up", "--annotations", podInfo.path] + options + (job.isEmpty ? [] : ["--"] + job))
    }

    func finishJob(code: Int32) throws { try GatedJob.finish(in: work, code: code) }

    /// The job's own pid, in its pid namespace; once it runs.
    func jobPID() throws -> Int32 {
        let line = try outputLine("job ")
        return Int32(line.split(separator: " ").last ?? "") ?? -1
    }

    /// The pid of the process that looks after the apps, on this machine.
    func supervisorPID(after last: Int32? = nil) throws -> Int32 {
        try wait(for: "a supervisor") {
            living().first { row in
                guard row.identity.pid != last, row.name == "crater-run",
                    let words = try? SmallFile.read("/proc/\(row.identity.pid)/cmdline")
                else { return false }
                guard words.split(separator: 0).dropFirst().first?.elementsEqual("supervisor".utf8) ?? false else {
                    return false
                }
                // Between fork and exec a child of the supervisor's looks like it, and may outlive it. It has one thread.
                return HostProcesses.field("Threads", of: row.identity.pid)?.first.flatMap { Int($0) } ?? 0 > 1
            }?.identity.pid
        }
    }

    /// An app line that serves the fake by the rule of this name.
    static func line(_ rule: String, _ more: String = "") -> [String] {
        [
            "--app",
            "app \(rule) --ready-path /data/environment -- tensorboard --bind_all --port {port} --path_prefix={prefix} \(more)",
        ]
    }

    /// The status at a rule's readiness path.
    func status(port: UInt16, _ prefix: String) -> Int? {
        HTTP.get("\(prefix)data/environment", port: port)?.status
    }
}
