internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The event loop. It tells a ``Role`` about signals, ended children and deadlines; the role turns them into events for
/// its state machine and performs the effects.
///
/// The loop has one thread and one epoll instance. Its calls do not wait for other processes; only a file on a dead
/// network file system can hold up a call. Once the loop runs, it throws no error.
package final class Reactor {
    let inherited: InheritedSignals
    let poll: EventPoll
    /// Whether this process is a subreaper: orphans below it become its children. PID 1 gets orphans in any case.
    private(set) var isSubreaper = false
    var children: ChildProcesses
    private let wasSubreaper: Bool
    private let signals: SignalQueue
    private let timer: DeadlineTimer
    /// The role that ``run(_:)`` was called with, while it runs.
    private weak var role: (any Role)?
    /// The children that we had at our start: a shell's background jobs, if the shell then executed crater-run in its
    /// own process.
    private var earlierChildren: Set<ProcessIdentity> = []

    /// Sets everything up, and starts no process.
    ///
    /// - Throws: ``SystemCallError`` if the host refuses a descriptor.
    package init(inherited: InheritedSignals) throws(SystemCallError) {
        self.inherited = inherited
        children = try ChildProcesses(supervisedWith: inherited)
        poll = try EventPoll()
        signals = try SignalQueue()
        timer = try DeadlineTimer()
        wasSubreaper = clinux_is_subreaper() != 0
        try poll.add(signals.descriptor, .input) { [weak self] _ in self?.followSignals() }
        try poll.add(timer.descriptor, .input) { [timer] _ in timer.acknowledge() }
        // This comes after everything that may throw: after an error the caller executes the job in this process, and
        // execve(2) keeps the subreaper attribute. If a sandbox refuses the attribute, orphans go to PID 1; an app's
        // orphans are then found by their marker.
        isSubreaper = clinux_set_subreaper(1) == 0
        if !children.isEmpty {
            earlierChildren = Set(Reactor.ownChildren(among: ProcessTable.rows()).map(\.identity))
        }
    }

    /// Runs the loop until the role has an exit code.
    ///
    /// - Returns: the exit code.
    func run(_ role: any Role) -> Int32 {
        self.role = role
        // No signal tells us about children that ended before our signals were set up.
        reapAll(for: role)
        role.begin()
        while role.exitCode == nil { turn(for: role) }
        role.finish()
        return role.exitCode ?? 1
    }

    /// One turn of the loop: waits for an event, then handles what has come and what is due.
    private func turn(for role: any Role) {
        timer.set(role.deadline)
        guard let ready = try? poll.wait() else {
            // Should not happen to a valid epoll descriptor. If it does, the loop goes on ten times a second and does
            // not spin.
            _ = Glibc.poll(nil, 0, 100)
            role.expire(at: MonotonicClock.now())
            reapAll(for: role)
            return
        }
        let now = MonotonicClock.now()
        role.turned(at: now)
        for descriptor in ready where role.exitCode == nil { poll.handle(descriptor, at: now) }
        if role.exitCode == nil { role.expire(at: now) }
    }

    private func followSignals() {
        guard let role else { return }
        for signal in signals.drain() where role.exitCode == nil {
            if signal == .child {
                role.childrenChanged()
                reapAll(for: role)
            } else {
                role.received(signal)
            }
        }
    }
}

// MARK: - Children

extension Reactor {
    /// Handles every child that has ended. The role learns of the end before the child is reaped, since until then the
    /// pid cannot be reused.
    private func reapAll(for role: (any Role)?) {
        var hasReaped = false
        while let (pid, status) = children.peek() {
            role?.ended(pid, status)
            children.reap(pid)
            role?.reaped(pid)
            hasReaped = true
        }
        if hasReaped { role?.settled() }
    }

    /// Prepares this process for executing the job in its place: ends all descendants, and resets the subreaper
    /// attribute, which execve(2) would keep.
    func resign() {
        endDescendants()
        if !wasSubreaper { _ = clinux_set_subreaper(0) }
    }

    private static func ownChildren(among rows: [ProcessRow]) -> [ProcessRow] {
        let own = getpid()
        return rows.filter { $0.parent == own }
    }

    /// All descendants without zombies, and without the children that we had at our start and their descendants.
    ///
    /// - Parameter excluded: more children that are left out together with their descendants.
    func descendants(except excluded: Set<Int32> = []) -> [ProcessRow] {
        let rows = ProcessTable.rows()
        return ProcessTree.members(
            of: rows,
            leader: nil,
            marked: Set(Reactor.ownChildren(among: rows).map(\.identity.pid)).subtracting(excluded),
            known: [],
            excluded: Set(rows.map(\.identity).filter(earlierChildren.contains).map(\.pid)).union(excluded)
        ).filter { !$0.isZombie }
    }

    /// Whether we certainly have no descendants. A subreaper without children has none, since every orphan below it
    /// becomes its child.
    var hasNoDescendants: Bool { isSubreaper && children.isEmpty }

    /// Sends SIGKILL to all descendants, except the children that we had at our start and their descendants. Repeats it
    /// until none is left, at most for about a second.
    func endDescendants() {
        var emptyLooks = 0
        for _ in 0..<50 {
            reapAll(for: nil)
            if hasNoDescendants { return }
            let below = descendants()
            guard !below.isEmpty else {
                emptyLooks += 1
                // The table is read one process after the other, so a process that became our child meanwhile may be
                // missing from it. The children from before our start may never end, so two empty reads are enough
                // then.
                if !isSubreaper || !earlierChildren.isEmpty && emptyLooks > 1 { return }
                _ = Glibc.poll(nil, 0, 1)
                continue
            }
            for row in below { ProcessTable.send(.kill, to: row.identity) }
            _ = Glibc.poll(nil, 0, 20)
        }
    }
}
