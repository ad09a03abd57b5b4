/// What an app's launch needs to know of the host: looked up by the caller right before each launch.
package struct HostFacts: Equatable, Sendable {
    /// Whether IPv6 sockets are to be had: /proc/net/if_inet6 is there and not empty (web-apps, section 2).
    package var hasIPv6: Bool
    package var program: Program
    package var temporaryDirectory: TemporaryDirectory
    /// Whether the app's data directory is there, if it has one.
    package var hasDataDirectory: Bool

    /// How the app's program is started.
    package enum Program: Equatable, Sendable {
        /// By its own executable file.
        case executable(path: String)
        /// By Python, as `python -m module`.
        case module(String, python: String)

        /// The first words of argv; the first one is the file to execute.
        package var words: [String] {
            switch self {
            case .executable(let path): [path]
            case .module(let module, let python): [python, "-m", module]
            }
        }
    }

    /// Whether programs find a writable temporary directory.
    package enum TemporaryDirectory: Equatable, Sendable {
        case usable
        /// None of the usual ones can be written to; this one can.
        case replacement(path: String)
        /// There is none at all.
        case none
    }

    package init(
        hasIPv6: Bool,
        program: Program,
        temporaryDirectory: TemporaryDirectory,
        hasDataDirectory: Bool = true
    ) {
        self.hasIPv6 = hasIPv6
        self.program = program
        self.temporaryDirectory = temporaryDirectory
        self.hasDataDirectory = hasDataDirectory
    }
}
