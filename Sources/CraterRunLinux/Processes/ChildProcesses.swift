internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Starts children, and learns how they end. Every process that becomes our child is reaped: PID 1 and a subreaper get
/// more children than they start.
struct ChildProcesses {
    private let inherited: InheritedSignals
    /// The children that we started and have not reaped. An array, since they are few: Swift's runtime takes longer to
    /// set up its first set than for everything else that the job's start waits for.
    private(set) var started: [Int32] = []

    init(inherited: InheritedSignals) {
        self.inherited = inherited
    }

    /// - Throws: ``SystemCallError`` if the host does not let us learn of a child's end.
    init(supervisedWith inherited: InheritedSignals) throws(SystemCallError) {
        self.init(inherited: inherited)
        do throws(SystemCallError) { _ = try nextChange() } catch  where error.number == ECHILD {}
    }

    /// Forks a child with the signal mask and dispositions that crater-run was started with, and executes the program
    /// in it. Does not wait: ``Spawning/report`` tells whether the program was executed.
    ///
    /// - Throws: ``SystemCallError`` with the errno of fork(2) or pipe2(2).
    mutating func begin(_ request: SpawnRequest) throws(SystemCallError) -> Spawning {
        let spawning = try request.fork(inherited)
        started.append(spawning.pid)
        return spawning
    }

    /// Reads from a ``Spawning/report`` whether the program was executed: nil as long as that is not known. Closes
    /// nothing.
    static func outcome(of report: Int32) -> Result<Void, SystemCallError>? {
        var bytes = [UInt8](repeating: 0, count: Int(CLINUX_REPORT_SIZE))
        let count: Int
        do throws(SystemCallError) {
            count = try systemCall("read") { read(report, &bytes, bytes.count) }
        } catch {
            return error.number == EAGAIN ? nil : .failure(error)
        }
        return count == 0 ? .success(()) : .failure(SystemCallError(report: bytes.prefix(count)))
    }

    /// Starts a child, and waits until its program has been executed: forever if the program's file system does not
    /// answer.
    ///
    /// - Throws: ``SystemCallError`` with the reason why the program was not executed. Then there is no child.
    mutating func spawn(_ request: SpawnRequest) throws(SystemCallError) -> Int32 {
        let spawning = try begin(request)
        defer { close(spawning.report) }
        while true {
            switch ChildProcesses.outcome(of: spawning.report) {
            case .success: return spawning.pid
            case .failure(let error):
                reap(spawning.pid, options: 0)
                throw error
            case nil:
                var descriptor = pollfd(fd: spawning.report, events: Int16(POLLIN), revents: 0)
                _ = poll(&descriptor, 1, -1)
            }
        }
    }

    /// A stop or continuation of a child since the last call; nil if there was none.
    func stateChange(of pid: Int32) -> StateChange? {
        var change = clinux_child_change()
        let waited = try? systemCall("waitid") { clinux_stop_or_continuation(pid, &change) }
        guard waited != nil, change.pid == pid else { return nil }
        return change.code == CLD_CONTINUED ? .continued : .stopped(Signal(number: change.status))
    }

    /// A child that has ended; nil if there is none. The child is not reaped, so its pid cannot be reused before
    /// ``reap(_:)``.
    func peek() -> (pid: Int32, status: ExitStatus)? {
        guard let change = try? nextChange(), change.pid > 0 else { return nil }
        if change.code == CLD_EXITED { return (change.pid, .exited(code: change.status)) }
        return (change.pid, .signaled(Signal(number: change.status)))
    }

    /// Whether we have any child, running or ended.
    var isEmpty: Bool {
        do throws(SystemCallError) { _ = try nextChange() } catch { return error.number == ECHILD }
        return false
    }

    /// - Throws: ``SystemCallError``; ECHILD if we have no child.
    private func nextChange() throws(SystemCallError) -> clinux_child_change {
        var change = clinux_child_change()
        try systemCall("waitid") {
            clinux_waitid(Int32(P_ALL.rawValue), 0, Int32(WNOHANG) | Int32(WNOWAIT), &change)
        }
        return change
    }

    /// Reaps a child that has ended.
    mutating func reap(_ pid: Int32) { reap(pid, options: Int32(WNOHANG)) }

    private mutating func reap(_ pid: Int32, options: Int32) {
        var change = clinux_child_change()
        _ = try? systemCall("waitid") { clinux_waitid(Int32(P_PID.rawValue), pid, options, &change) }
        started.removeAll { $0 == pid }
    }
}

extension LaunchFailure {
    /// The failure of ``ChildProcesses/spawn(_:)``.
    package init(_ error: SystemCallError) {
        let isTemporary =
            [EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY, EINTR, ENOSPC].contains(error.number) || error.isOfFileSystem
        let reason = "cannot execute \(error.subject): \(error.reason) (the file, or the interpreter that it names)"
        switch (error.call, error.number) {
        case _ where isTemporary: self = .temporary("\(error)")
        case ("execve", ENOENT) where !error.subject.contains("/"):
            self = .notFound("there is no \(error.subject) on PATH, or the interpreter that it names is not there")
        case ("execve", ENOENT), ("execve", ENOTDIR), ("execve", ELOOP), ("execve", ENAMETOOLONG):
            self = .notFound(reason)
        case ("execve", _): self = .notExecutable(reason)
        case ("chdir", _): self = .notExecutable("cannot start it in \(error.subject): \(error.reason)")
        default: self = .notExecutable("the host refuses a process (\(error))")
        }
    }
}
