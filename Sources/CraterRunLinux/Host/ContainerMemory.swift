package import CraterRunCore
internal import Glibc

/// The memory of the container's control group, read from the kernel's own files: no read waits for a disk. If the
/// files are not mounted, or are of an unknown kind, nothing is known.
package struct ContainerMemory: Sendable {
    private let version: ControlGroupPath.Version
    /// The group's own directory, then those of the groups above it as far as they can be seen.
    private let directories: [String]

    /// - Parameter root: put before all paths, for a test's tree.
    /// - Returns: nil if no memory controller can be seen.
    package init?(root: String = "") {
        guard let membership = try? SmallFile.read("\(root)/proc/self/cgroup"),
            let mounts = try? SmallFile.read("\(root)/proc/self/mountinfo", limit: 4 << 20),
            let found = ControlGroupPath.memory(membership: membership, mounts: mounts)
        else { return nil }
        version = found.version
        directories = found.directories.map { root + $0 }
    }

    /// The lowest limit of the group and the groups above it, in bytes; nil without a limit.
    package var limit: UInt64? {
        let name = version == .one ? "memory.limit_in_bytes" : "memory.max"
        // Without a limit, v1 shows the largest number of whole pages.
        return directories.compactMap { number(name, in: $0) }.filter { $0 < 1 << 62 }.min()
    }

    /// Whether the kernel kills the whole container at once.
    package var killsAll: Bool {
        version == .two && directories.contains { number("memory.oom.group", in: $0) == 1 }
    }

    /// The counters; nil if they cannot be read.
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
            // The counter of the group whose limit was reached: a group above, if a job has made a group of its own.
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
