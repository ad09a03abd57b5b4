/// Where a control group's files are, as the process in it sees them (cgroups(7)).
package enum ControlGroupPath {
    package enum Version: Equatable, Sendable {
        /// A hierarchy of the memory controller's own.
        case one
        /// The unified one.
        case two
    }

    /// The directory of the memory controller's files, and what is above it as far as it can be seen: the last is the mount point.
    ///
    /// - Parameters:
    ///   - membership: /proc/self/cgroup.
    ///   - mounts: /proc/self/mountinfo.
    /// - Returns: nil where no such hierarchy is mounted.
    package static func memory(membership: [UInt8], mounts: [UInt8]) -> (version: Version, directories: [String])? {
        let lines = String(decoding: membership, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        }.filter { $0.count == 3 }
        let mounts = ControlGroupMount.all(in: mounts)
        // Where both are there, as on hosts of a time in between, the controller is in one of them: its own, if there is one.
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
    /// The group that is mounted there, as the hierarchy has it.
    let root: String
    let point: String
    /// Nil for cgroup v2.
    let controllers: Set<Substring>?

    /// The lines of /proc/self/mountinfo that are one (proc(5)).
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

    /// That of a group and of those above it. A container sees its own as the mount point, whatever it is called outside.
    func directories(of group: String) -> [String] {
        let base = root == "/" ? "" : root
        guard group.hasPrefix("\(base)/") else { return [point] }
        var parts = group.dropFirst(base.count).split(separator: "/")
        // Above what is mounted, seen from within a namespace.
        guard !parts.contains("..") else { return [point] }
        var directories: [String] = []
        while !parts.isEmpty {
            directories.append("\(point)/\(parts.joined(separator: "/"))")
            parts.removeLast()
        }
        return directories + [point]
    }
}
