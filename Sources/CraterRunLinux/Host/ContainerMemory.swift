package import CraterRunCore
internal import Glibc

/// The memory of the container's control group, read from the kernel's own files: nothing here waits for a disk. Where they are not
/// mounted, or are of a kind that is not known, nothing is known.
package struct ContainerMemory: Sendable {
    private let version: ControlGroupPath.Version
    /// The group's own, then those above it as far as they can be seen.
    private let directories: [String]

    /// - Parameter root: put before all paths: a test's tree.
    /// - Returns: nil where no memory controller can be seen.
    package init?(root: String = "") {
        guard let membership = try? SmallFile.read("\(root)/proc/self/cgroup"),
            let mounts = try? SmallFile.read("\(root)/proc/self/mountinfo", limit: 4 << 20),
            let found = ControlGroupPath.memory(membership: membership, mounts: mounts)
        else { return nil }
        version = found.version
        directories = found.directories.map { root + $0 }
    }

    /// The least that the group or one above it may use, in bytes; nil without a limit.
    package var limit: UInt64? {
        let name = version == .one ? "memory.limit_in_bytes" : "memory.max"
        // Without a limit v1 has the largest number of whole pages.
        return directories.compactMap { number(name, in: $0) }.filter { $0 < 1 << 62 }.min()
    }

    /// Whether the kernel kills the whole container at once.
    package var killsAll: Bool {
        version == .two && directories.contains { number("memory.oom.group", in: $0) == 1 }
    }

    /// What is counted; nil where it cannot be read.
    package var counters: MemoryCounters? {
        guard let own = directories.first else { return nil }
        switch version {
        case .one:
            // Since Linux 4.13.
            return field("oom_kill", of: "memory.oom_control", in: own).map {
                MemoryCounters(kills: $0, limitsReached: nil)
            }
        case .two:
            guard let kills = field("oom_kill", of: "memory.events", in: own) else { return nil }
            // Of the group whose limit it was: one above, where a job has made a group of its own.
            let reached = directories.compactMap { field("oom", of: "memory.events", in: $0) }.max()
            return MemoryCounters(kills: kills, limitsReached: reached)
        }
    }

    private func number(_ name: String, in directory: String) -> UInt64? {
        (try? SmallFile.read("\(directory)/\(name)", limit: 4096)).flatMap { bytes in
            UInt64(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
    }

    private func field(_ key: String, of name: String, in directory: String) -> UInt64? {
        let text = (try? SmallFile.read("\(directory)/\(name)", limit: 4096)).map {
            String(decoding: $0, as: UTF8.self)
        }
        let line = text?.split(separator: "\n").first { $0.hasPrefix("\(key) ") }
        return line.flatMap { UInt64($0.dropFirst(key.count + 1)) }
    }
}

/// Tells whether a process that was killed was one that the kernel killed for want of memory.
struct OutOfMemoryWatch {
    /// How long a process may take to end once the kernel has killed, and counted, it: what was counted in this time may be news.
    private static let delay = Duration.seconds(2)

    private let memory: ContainerMemory?
    /// What had been counted before whatever is told next.
    private var before: MemoryCounters?
    /// What takes its place once it is old enough.
    private var recent: (counters: MemoryCounters, at: Instant)?

    init(_ memory: ContainerMemory? = ContainerMemory()) {
        self.memory = memory
        before = memory?.counters
    }

    /// What was killed by now was none of the processes that end from now on, or a little later.
    mutating func look(at now: Instant) {
        if let recent {
            guard recent.at.duration(to: now) >= OutOfMemoryWatch.delay else { return }
            before = recent.counters
        }
        recent = memory?.counters.map { ($0, now) }
    }

    /// What the kernel has done since; nil where it has killed nobody, or that cannot be known. It is told once.
    mutating func kill() -> OutOfMemoryKill? {
        guard let before, let counters = memory?.counters else { return nil }
        self.before = counters
        recent = nil
        return counters.kill(since: before, limit: memory?.limit)
    }
}

/// What the doctor looks at.
enum MemoryProbe {
    /// - Parameter supervisor: the pid of one that runs beside the job, and is scored as the job is. Whoever asks may be scored
    ///   otherwise, as in a terminal of a viewer's.
    static func look(supervisor: Int32?) -> MemoryLook {
        let memory = ContainerMemory()
        let scores = [supervisor.flatMap { score(of: String($0)) }, score(of: "self")].compactMap { $0 }
        return MemoryLook(score: scores.min(), limit: memory?.limit, node: node, killsAll: memory?.killsAll ?? false)
    }

    private static func score(of process: String) -> Int? {
        (try? SmallFile.read("/proc/\(process)/oom_score_adj", limit: 64)).flatMap {
            Int(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
    }

    /// The memory that the kernel has, in bytes.
    private static var node: UInt64? {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let size = sysconf(Int32(_SC_PAGESIZE))
        guard pages > 0, size > 0 else { return nil }
        return UInt64(pages).multipliedReportingOverflow(by: UInt64(size)).partialValue
    }
}
