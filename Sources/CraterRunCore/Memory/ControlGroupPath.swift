/// Finds a control group's files, as a process in the group sees them (cgroups(7)).
package enum ControlGroupPath {
    /// The version of the control group interface.
    package enum Version: Equatable, Sendable {
        /// cgroup v1: the memory controller has its own hierarchy.
        case one
        /// cgroup v2: all controllers share the unified hierarchy.
        case two
    }

    /// The directory of the memory controller's files, and the directories above it as far as they can be seen; the
    /// last one is the mount point.
    ///
    /// - Parameters:
    ///   - membership: the contents of /proc/self/cgroup.
    ///   - mounts: the contents of /proc/self/mountinfo.
    /// - Returns: nil if no such hierarchy is mounted.
    package static func memory(membership: [UInt8], mounts: [UInt8]) -> (version: Version, directories: [String])? {
        let lines = String(decoding: membership, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }.filter { $0.count == 3 }
        let mounts = ControlGroupMount.all(in: mounts)
        // Some hosts have both versions. The memory controller is then in only one of them: its own hierarchy, if there
        // is one.
        if let own = lines.first(where: { $0[1].split(separator: ",").contains("memory") }),
            let mount = mounts.first(where: { $0.controllers?.contains("memory") == true })
        {
            return (.one, mount.directories(of: String(own[2])))
        }
        if let unified = lines.first(where: { $0[0] == "0" && $0[1].isEmpty }),
            let mount = mounts.first(where: { $0.controllers == nil })
        {
            return (.two, mount.directories(of: String(unified[2])))
        }
        return nil
    }
}

/// A mounted hierarchy of control groups.
private struct ControlGroupMount {
    /// The group that is mounted there, by its path in the hierarchy.
    let root: String
    let point: String
    /// Nil for cgroup v2.
    let controllers: Set<Substring>?

    /// The control group mounts among the lines of /proc/self/mountinfo (proc(5)).
    static func all(in table: [UInt8]) -> [ControlGroupMount] {
        String(decoding: table, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let separator = fields.firstIndex(of: "-"), fields.count > separator + 3, separator > 5 else {
                return nil
            }
            let options = Set(fields[separator + 3].split(separator: ","))
            switch fields[separator + 1] {
            case "cgroup":
                return ControlGroupMount(root: String(fields[3]), point: String(fields[4]), controllers: options)
            case "cgroup2":
                return ControlGroupMount(root: String(fields[3]), point: String(fields[4]), controllers: nil)
            default: return nil
            }
        }
    }

    /// The directories of a group and of the groups above it. A container sees its own group as the mount point,
    /// whatever the group is called outside.
    func directories(of group: String) -> [String] {
        let base = root == "/" ? "" : root
        guard group.hasPrefix("\(base)/") else { return [point] }
        var parts = group.dropFirst(base.count).split(separator: "/")
        // The group is above the mounted one, as seen from within a namespace.
        guard !parts.contains("..") else { return [point] }
        var directories: [String] = []
        while !parts.isEmpty {
            directories.append("\(point)/\(parts.joined(separator: "/"))")
            parts.removeLast()
        }
        return directories + [point]
    }
}
