internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The one loop: signals, the end of children and what is due go to a ``Role``, which turns them into events for its state
/// machine and performs the effects. One thread, one epoll instance, no call that waits for anybody (but for files: a
/// program on a network file system that is dead holds up its own start), and nothing throws out of it once it runs.
package final class Reactor {
    let inherited: InheritedSignals
    let poll: EventPoll
    /// Orphans come to us, wherever in the tree we are; as PID 1 they do anyway.
    private(set) var isSubreaper = false
    var children: ChildProcesses
    private let wasSubreaper: Bool
    private let signals: SignalQueue
    private let timer: DeadlineTimer
    /// What the reactor turns for, while it turns.
    private weak var role: (any Role)?
    /// The children that we had before we started any: a shell's background jobs, where the shell then executed us.
    private var earlierChildren: Set<ProcessIdentity> = []

    /// Sets everything up; nothing is started yet.
    ///
    /// - Throws: ``SystemCallError`` where the host refuses a descriptor.
    package init(inherited: InheritedSignals) throws(SystemCallError) {
        self.inherited = inherited
        children = try ChildProcesses(supervisedWith: inherited)
        poll = try EventPoll()
        signals = try SignalQueue()
        timer = try DeadlineTimer()
        wasSubreaper = clinux_is_subreaper() != 0
        try poll.add(signals.descriptor, .input) { [weak self] _ in self?.followSignals() }
        try poll.add(timer.descriptor, .input) { [timer] _ in timer.acknowledge() }
        // After everything that may throw: whoever gives up then becomes the job, and execve(2) keeps the attribute. Where it is
        // refused (a sandbox), orphans go to PID 1, and an app's marker finds them there.
        isSubreaper = clinux_set_subreaper(1) == 0
        if !children.isEmpty {
            earlierChildren = Set(Reactor.ownChildren(among: ProcessTable.rows()).map(\.identity))
        }
    }

    /// Turns until the role has nothing left to do.
    ///
    /// - Returns: the exit code.
    func run(_ role: any Role) -> Int32 {
        self.role = role
        // Children that ended before we were here told somebody else.
        reapAll(for: role)
        role.begin()
        while role.exitCode == nil { turn(for: role) }
        role.finish()
        return role.exitCode ?? 1
    }

    /// Waits for the world to move, and follows.
    private func turn(for role: any Role) {
        timer.set(role.deadline)
        guard let ready = try? poll.wait() else {
            // Cannot happen to a descriptor of ours; if it does, rather look ten times a second than spin.
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
    /// Everything that has ended: looked at first, acted upon while its pid cannot be reused, then reaped.
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

    /// Leaves nothing of ours to what this process is about to become: execve(2) keeps who is a subreaper.
    func resign() {
        endDescendants()
        if !wasSubreaper { _ = clinux_set_subreaper(0) }
    }

    private static func ownChildren(among rows: [ProcessRow]) -> [ProcessRow] {
        let own = getpid()
        return rows.filter { $0.parent == own }
    }

    /// Everything below us but what was there before us, the dead left out.
    ///
    /// - Parameter excluded: children that are left out with everything below them.
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

    /// Whether there is certainly nothing below us: to a subreaper every orphan below it comes as a child.
    var hasNoDescendants: Bool { isSubreaper && children.isEmpty }

    /// SIGKILL to everything below us but what was there before us, until nothing is left or it does not die.
    func endDescendants() {
        var emptyLooks = 0
        for _ in 0..<50 {
            reapAll(for: nil)
            if hasNoDescendants { return }
            let below = descendants()
            guard !below.isEmpty else {
                emptyLooks += 1
                // The table is read one process after the other: who was given to us meanwhile may be missing from it. With
                // children from before, there is no end to wait for.
                if !isSubreaper || !earlierChildren.isEmpty && emptyLooks > 1 { return }
                _ = Glibc.poll(nil, 0, 1)
                continue
            }
            for row in below { ProcessTable.send(.kill, to: row.identity) }
            _ = Glibc.poll(nil, 0, 20)
        }
    }
}
