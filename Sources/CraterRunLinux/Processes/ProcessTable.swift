internal import CLinux
internal import CraterRunCore
internal import Glibc

/// Reads from /proc which processes there are, which app each belongs to, and which sockets they hold. Without /proc,
/// all answers are empty.
struct ProcessTable {
    /// Every process that can be seen.
    static func rows() -> [ProcessRow] {
        pids().compactMap { row(of: $0) }
    }

    static func row(of pid: Int32) -> ProcessRow? {
        (try? SmallFile.read("/proc/\(pid)/stat")).flatMap { ProcessRow(stat: $0) }
    }

    /// What a process does, by its threads; nil if that is not shown.
    static func standing(of pid: Int32) -> ProcessStanding? {
        let folder = "/proc/\(pid)/task"
        // A thread that ends meanwhile does not matter.
        let lines = (Directory.names(in: folder) ?? []).compactMap { try? SmallFile.read("\(folder)/\($0)/stat") }
        return ProcessStanding(threads: lines, leader: pid, ticks: ClockTicks.perSecond)
    }

    /// Whether no thread of a process is left that could hold files open. A zombie may still have other threads, if its
    /// first thread ended before them.
    static func hasEnded(_ row: ProcessRow) -> Bool {
        row.isZombie && Directory.names(in: "/proc/\(row.identity.pid)/task")?.count ?? 0 <= 1
    }

    /// The value of the marker in a process's environment; nil if the environment has none. May hang if that process's
    /// memory does not answer: see ``InstanceReader``.
    static func instance(of pid: Int32) throws(SystemCallError) -> String? {
        let start = Array("\(LaunchMarker.variable)=".utf8)
        let entry = try environment(of: pid).split(separator: 0).first { $0.starts(with: start) }
        guard let entry else { return nil }
        return String(decoding: entry.dropFirst(start.count), as: UTF8.self)
    }

    /// The environment that a process was started with. If its first thread has ended, the other threads show it.
    private static func environment(of pid: Int32) throws(SystemCallError) -> [UInt8] {
        // The largest environment that the kernel allows (execve(2)), since the marker is at the environment's end.
        let limit = 6 << 20
        let environment = try SmallFile.read("/proc/\(pid)/environ", limit: limit)
        guard environment.isEmpty else { return environment }
        for thread in Directory.names(in: "/proc/\(pid)/task") ?? [] where thread != String(pid) {
            if let other = try? SmallFile.read("/proc/\(pid)/task/\(thread)/environ", limit: limit) { return other }
        }
        return []
    }

    /// Our own pid and those of our ancestors, as far as they can be seen.
    static func ownLine() -> Set<Int32> {
        var line: Set<Int32> = []
        var pid = getpid()
        while pid > 0, line.insert(pid).inserted { pid = row(of: pid)?.parent ?? 0 }
        return line
    }

    /// The inodes of the sockets that a process holds; nil if its descriptors cannot be read.
    static func sockets(of pid: Int32) -> Set<UInt64>? {
        let folder = "/proc/\(pid)/fd"
        guard let names = Directory.names(in: folder) else { return nil }
        return Set(
            names.compactMap { name in
                SmallFile.link("\(folder)/\(name)").flatMap { target in
                    guard target.hasPrefix("socket:["), target.hasSuffix("]") else { return nil }
                    return UInt64(target.dropFirst("socket:[".count).dropLast())
                }
            }
        )
    }

    /// The process that holds one of these sockets, as a text for people: `python3 (pid 17)`. If a crater-run started
    /// the process, the text also says which one, or that the crater-run was killed.
    static func holder(of inodes: Set<UInt64>, reader: InstanceReader = InstanceReader()) -> String? {
        let rows = rows()
        let holder = rows.first { row in
            sockets(of: row.identity.pid).map { !$0.isDisjoint(with: inodes) } ?? false
        }
        guard let holder else { return nil }
        let pid = holder.identity.pid
        let name = "\(holder.name) (pid \(pid))"
        guard case .instance(.some) = reader.instances(of: [holder.identity])[holder.identity] else { return name }
        if let supervisor = supervisor(of: holder, among: rows) {
            return "\(name), served by another crater-run (pid \(supervisor))"
        }
        return "\(name), left behind by a crater-run that was killed: end it with kill \(pid)"
    }

    /// The name that each supervisor takes, whatever its file's name is; at most 15 bytes.
    static let supervisorName = "crater-run"

    /// The name of a front door's process.
    static let doorName = "crater-run-door"

    /// The nearest crater-run among a process's ancestors; nil if there is none.
    static func supervisor(of process: ProcessRow, among rows: [ProcessRow]) -> Int32? {
        let parents = Dictionary(rows.map { ($0.identity.pid, $0) }, uniquingKeysWith: { first, _ in first })
        var ancestor = parents[process.parent]
        // A loop is impossible, unless the table changed while it was read.
        for _ in 0..<rows.count {
            guard let row = ancestor else { break }
            if row.name == supervisorName { return row.identity.pid }
            ancestor = parents[row.parent]
        }
        return nil
    }

    /// The words of a process's command line; empty if it cannot be read.
    static func words(of pid: Int32) -> [String] {
        let line = (try? SmallFile.read("/proc/\(pid)/cmdline")) ?? []
        return line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Sends a signal to exactly this process, never to a later process with the same pid.
    static func send(_ signal: Signal, to process: ProcessIdentity) {
        let descriptor = clinux_pidfd_open(process.pid)
        defer { if descriptor != -1 { close(descriptor) } }
        guard row(of: process.pid)?.identity == process else { return }
        if descriptor == -1 || clinux_pidfd_send_signal(descriptor, signal.number) == -1 && errno == ENOSYS {
            // A kernel or sandbox without pidfds: the pid could be reused between the check and the signal.
            kill(process.pid, signal.number)
        }
    }

    private static func pids() -> [Int32] {
        (Directory.names(in: "/proc") ?? []).compactMap { Int32($0) }
    }
}
