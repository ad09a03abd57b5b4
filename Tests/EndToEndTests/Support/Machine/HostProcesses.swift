import CraterRunCore
import CraterRunLinux
import Glibc

/// What /proc tells of the machine's processes.
enum HostProcesses {
    static func rows() -> [ProcessRow] {
        (Directory.names(in: "/proc") ?? []).compactMap { Int32($0) }.compactMap { row(of: $0) }
    }

    /// Whether each pid namespace has a pid_max of its own (Linux 6.14 and later): before that, setting it is for everybody.
    static let hasPIDLimitsOfTheirOwn: Bool = {
        let release =
            (try? SmallFile.read("/proc/sys/kernel/osrelease")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        guard let major = numbers.first, let minor = numbers.last else { return false }
        return (major, minor) >= (6, 14)
    }()

    static func row(of pid: Int32) -> ProcessRow? {
        (try? SmallFile.read("/proc/\(pid)/stat")).flatMap { ProcessRow(stat: $0) }
    }

    /// The state's letter: R, S, D, T, Z …
    static func state(of pid: Int32) -> String? {
        field("State", of: pid)?.first
    }

    /// The words of one line of /proc/<pid>/status.
    static func field(_ name: String, of pid: Int32) -> [String]? {
        guard let bytes = try? SmallFile.read("/proc/\(pid)/status") else { return nil }
        return field(name, in: bytes)
    }

    static func field(_ name: String, in status: [UInt8]) -> [String]? {
        String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("\(name):") }
            .map { $0.dropFirst(name.count + 1).split(whereSeparator: \.isWhitespace).map(String.init) }
    }

    /// The signals in a mask such as SigBlk.
    static func signals(_ name: String, in status: [UInt8]) -> Set<Int32> {
        guard let text = field(name, in: status)?.first, let bits = UInt64(text, radix: 16) else { return [] }
        return Set((1...64).filter { bits & 1 << UInt64($0 - 1) != 0 })
    }

    /// Whether the process belongs to a test: its environment holds this entry, or it works in this directory (which it
    /// keeps when it is given another environment).
    static func belongs(_ pid: Int32, mark: String, directory: String) -> Bool {
        if let environment = try? SmallFile.read("/proc/\(pid)/environ"),
            environment.split(separator: 0).contains(where: { $0.elementsEqual(mark.utf8) })
        {
            return true
        }
        return SmallFile.link("/proc/\(pid)/cwd")?.hasPrefix(directory) ?? false
    }

    /// The children of a process that have ended and wait to be reaped.
    static func zombies(of parent: Int32) -> Int {
        rows().count { $0.parent == parent && $0.isZombie }
    }
}

extension HostProcesses {
    /// The TCP ports at which these processes listen.
    static func listeningPorts(of pids: [Int32]) -> Set<UInt16> {
        pids.reduce(into: []) { ports, pid in
            let descriptors = Directory.names(in: "/proc/\(pid)/fd") ?? []
            let sockets = Set(descriptors.compactMap { SmallFile.link("/proc/\(pid)/fd/\($0)") })
            let tables = ["tcp", "tcp6"].compactMap { try? SmallFile.read("/proc/\(pid)/net/\($0)", limit: 16 << 20) }
            let listeners = tables.flatMap { Listener.parse($0, port: nil) }
            ports.formUnion(listeners.filter { sockets.contains("socket:[\($0.inode)]") }.map(\.port))
        }
    }

    /// The flags of an open file, in octal digits.
    static func descriptorFlags(_ descriptor: Int32, of pid: Int32) -> String? {
        guard let bytes = try? SmallFile.read("/proc/\(pid)/fdinfo/\(descriptor)") else { return nil }
        return field("flags", in: bytes)?.first
    }
}
