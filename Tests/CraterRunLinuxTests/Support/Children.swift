import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// The name is the testing library's too.
typealias ExitStatus = CraterRunCore.ExitStatus

extension InheritedSignals {
    /// As most programs are started: nothing blocked, nothing ignored.
    static var none: InheritedSignals { InheritedSignals(blocked: sigset_t(), ignored: 0) }

    /// Given signals blocked and ignored.
    init(blocking: some Sequence<Int32>, ignoring: Set<Int32>) {
        var mask = sigset_t()
        for signal in blocking { clinux_sigset_add(&mask, signal) }
        self.init(blocked: mask, ignored: ignoring.reduce(0) { $0 | InheritedSignals.bit(of: $1) })
    }
}

/// Children of the test process, through the code under test. Only in an exit test or ``OwnProcess``: there nobody else has
/// children.
extension ChildProcesses {
    /// Spawns with one pipe for everything that comes out.
    mutating func spawn(
        _ arguments: [String],
        environment: [[UInt8]] = ProcessEnvironment.entries(),
        output: Int32 = 2
    ) throws -> Int32 {
        let null = clinux_open("/dev/null", O_RDONLY | O_CLOEXEC, 0)
        defer { close(null) }
        let pid = try spawn(
            SpawnRequest(
                arguments: arguments,
                environment: environment,
                standardDescriptors: (null, output, output)
            )
        )
        // It returns when the new program is sure to run, a little before /proc shows it.
        let isShown = Wait.until {
            (try? SmallFile.read("/proc/\(pid)/cmdline").isEmpty) != true || ProcessTable.row(of: pid)?.isZombie == true
        }
        #expect(isShown)
        return pid
    }

    mutating func spawnShell(_ script: String, output: Int32 = 2) throws -> Int32 {
        try spawn([try Tool.path("sh"), "-c", script], output: output)
    }

    /// Waits until a child has ended, without reaping it; false if it is not there (any more).
    func waitForEnd(of pid: Int32) -> Bool {
        let descriptor = clinux_pidfd_open(pid)
        guard descriptor != -1 else { return false }
        defer { close(descriptor) }
        return Wait.untilReadable(descriptor)
    }

    /// Waits for a child and reaps it.
    mutating func end(of pid: Int32) -> ExitStatus? {
        guard waitForEnd(of: pid) else { return nil }
        defer { reap(pid) }
        return status(of: pid)
    }

    /// How a child has ended; it stays a zombie.
    private func status(of pid: Int32) -> ExitStatus? {
        var change = clinux_child_change()
        guard clinux_waitid(Int32(P_PID.rawValue), pid, Int32(WNOHANG) | Int32(WNOWAIT), &change) == 0,
            change.pid == pid
        else { return nil }
        return change.code == CLD_EXITED
            ? .exited(code: change.status) : .signaled(Signal(number: change.status))
    }

    /// Runs a command to its end.
    mutating func run(
        _ arguments: [String],
        environment: [[UInt8]] = ProcessEnvironment.entries(),
        within limit: Duration = Wait.limit
    ) throws -> (status: ExitStatus?, output: [UInt8]) {
        let pipe = try TestPipe()
        defer { pipe.closeReadEnd() }
        let pid: Int32
        do {
            defer { pipe.closeWriteEnd() }
            pid = try spawn(arguments, environment: environment, output: pipe.writeEnd)
        }
        let output = Wait.readToEnd(pipe.readEnd, within: limit)
        if let status = end(of: pid) { return (status, output) }
        kill(-pid, SIGKILL)
        return (end(of: pid), output)
    }
}

/// A line such as `SigBlk:	0000000000000000` in the text of /proc/<pid>/status.
func statusField(_ name: String, in status: some Sequence<UInt8>) -> String? {
    text(status).split(separator: "\n").first { $0.hasPrefix("\(name):") }
        .map { $0.dropFirst(name.count + 1).filter { !$0.isWhitespace } }
}

/// Signals as /proc/<pid>/status shows them.
func signalMask(_ signals: some Sequence<Int32>) -> String {
    let bits = signals.reduce(UInt64(0)) { $0 | 1 << UInt64($1 - 1) }
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
