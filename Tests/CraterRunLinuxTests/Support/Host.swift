import Glibc
import Testing

@testable import CraterRunLinux

/// What the machine that runs the tests lets them do. In CI, where nothing may be left out, tests run and fail instead.
enum Host {
    static let isCI = getenv("CI").map { !String(cString: $0).isEmpty && String(cString: $0) != "false" } ?? false
    static let isRoot = geteuid() == 0
    /// Namespaces and mounts need root.
    static let canUnshare = isCI || isRoot && Tool.find("unshare") != nil

    /// A program by its name, looked for on PATH.
    enum Tool {
        static func find(_ name: String) -> String? {
            let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
            return path.split(separator: ":").map { "\($0)/\(name)" }.first { FileAccess.executable(at: $0) == .yes }
        }

        static func path(_ name: String) throws -> String { try #require(find(name), "no \(name) on PATH") }
    }
}

typealias Tool = Host.Tool
