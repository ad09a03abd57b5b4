/// What an app's launch needs to know of the host: looked up by the caller right before each launch.
package struct HostFacts: Equatable, Sendable {
    /// Whether IPv6 sockets are to be had: /proc/net/if_inet6 is there and not empty.
    package var hasIPv6: Bool
    package var program: Program
    package var temporaryDirectory: TemporaryDirectory
    /// Whether the app's data directory is there, if it has one.
    package var hasDataDirectory: Bool
    package var home: Home
    /// The number of the user that crater-run runs as.
    package var userID: UInt32
    /// Whether programs find a name for that user: in the environment or in /etc/passwd.
    package var hasUserName: Bool
    /// crater-run's own environment, as far as it is text.
    package var variables: [String: String]
    /// The variables among the app's own that name a file which cannot be read, and why not.
    package var unreadableFiles: [String: String]
    /// The app's own directory below crater-run's private one, by its full path: it need not be there yet. Nil if none can
    /// be made.
    package var privateDirectory: String?
    /// Where that is nil: why the places for one are not used, a line each.
    package var unsafePlaces: [String]
    /// What is known of the Python package that the app asked for.
    package var package: PythonPackage?

    /// How the app's program is started.
    package enum Program: Equatable, Sendable {
        /// By its own executable file. `text` is its beginning where it is a script.
        case executable(path: String, text: String = "")
        /// By Python, as `python -m module`.
        case module(String, python: String)
        /// By Python, and the app's arguments say what that runs.
        case interpreter(python: String)

        /// The first words of argv; the first one is the file to execute.
        package var words: [String] {
            switch self {
            case .executable(let path, _): [path]
            case .module(let module, let python): [python, "-m", module]
            case .interpreter(let python): [python]
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

    /// Whether programs find a home directory that can be written to.
    package enum Home: Equatable, Sendable {
        case usable
        /// Why not, as the beginning of a sentence: `HOME is not set`.
        case unusable(reason: String)
    }

    package init(
        hasIPv6: Bool,
        program: Program,
        temporaryDirectory: TemporaryDirectory,
        hasDataDirectory: Bool = true,
        home: Home = .usable,
        userID: UInt32 = 0,
        hasUserName: Bool = true,
        variables: [String: String] = [:],
        unreadableFiles: [String: String] = [:],
        privateDirectory: String? = nil,
        unsafePlaces: [String] = [],
        package: PythonPackage? = nil
    ) {
        self.hasIPv6 = hasIPv6
        self.program = program
        self.temporaryDirectory = temporaryDirectory
        self.hasDataDirectory = hasDataDirectory
        self.home = home
        self.userID = userID
        self.hasUserName = hasUserName
        self.variables = variables
        self.unreadableFiles = unreadableFiles
        self.privateDirectory = privateDirectory
        self.unsafePlaces = unsafePlaces
        self.package = package
    }

    /// A variable's value; nil where it is not set or empty, which users take for the same.
    package func value(of variable: String) -> String? {
        variables[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
}
