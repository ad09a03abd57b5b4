/// What the launch of an app needs to know about the host. The caller collects the facts right before each launch.
package struct HostFacts: Equatable, Sendable {
    /// Whether the host has IPv6 sockets: /proc/net/if_inet6 exists and is not empty.
    package var hasIPv6: Bool
    package var program: Program
    package var temporaryDirectory: TemporaryDirectory
    /// Whether the app's data directory exists, if the app has one.
    package var hasDataDirectory: Bool
    package var home: Home
    /// The ID of the user that crater-run runs as.
    package var userID: UInt32
    /// Whether programs find a name for that user: in the environment or in /etc/passwd.
    package var hasUserName: Bool
    /// crater-run's own environment, as far as it is text.
    package var variables: [String: String]
    /// The app's variables that name a file which cannot be read, with the reason.
    package var unreadableFiles: [String: String]
    /// The full path of the app's own directory below crater-run's private directory. It need not exist yet. Nil if
    /// none can be made.
    package var privateDirectory: String?
    /// If ``privateDirectory`` is nil: why each possible place is not used, one line each.
    package var unsafePlaces: [String]
    /// What is known about the Python package that the app asked for.
    package var package: PythonPackage?
    /// The directory in which the app starts, by its full path.
    package var workingDirectory: String
    /// The Python environment of the program, if the environment is not activated.
    package var pythonEnvironment: PythonEnvironment?
    /// The answer to the app's ``ConfigurationQuestion``: for each word that was found, the paths of the files that have
    /// it.
    package var configuration: [String: [String]]

    /// How the app's program is started.
    package enum Program: Equatable, Sendable {
        /// By its own executable file. `text` is the file's beginning if the file is a script.
        case executable(path: String, text: String = "")
        /// A script, by the Python interpreter beside it instead of the interpreter of its first line.
        case script(path: String, text: String, python: String)
        /// By Python, as `python -m module`.
        case module(String, python: String)
        /// By Python; the app's arguments say what Python runs.
        case interpreter(python: String)

        /// The first words of argv; the first one is the file to execute.
        package var words: [String] {
            switch self {
            case .executable(let path, _): [path]
            case .script(let path, _, let python): [python, path]
            case .module(let module, let python): [python, "-c", Program.code(running: module)]
            case .interpreter(let python): [python]
            }
        }

        /// The script's path and text; nil if there is no script.
        package var script: (path: String, text: String)? {
            switch self {
            case .executable(let path, let text), .script(let path, let text, _): (path, text)
            case .module, .interpreter: nil
            }
        }

        /// Python code that does the same as `python -m`, but without the working directory in `sys.path`. Otherwise a
        /// file of the user's, such as random.py, would be imported instead of Python's own module. Python has a flag
        /// for this only since 3.11.
        private static func code(running module: String) -> String {
            "import sys;sys.path=[p for p in sys.path if p];import runpy;"
                + "runpy.run_module(\"\(module)\",run_name=\"__main__\",alter_sys=True)"
        }
    }

    /// Whether programs find a writable temporary directory.
    package enum TemporaryDirectory: Equatable, Sendable {
        case usable
        /// None of the usual directories can be written to; this one can.
        case replacement(path: String)
        /// The app needs this directory in the usual temporary directory, but cannot write to it: another user owns it.
        case occupied(by: String)
        /// No directory can be written to.
        case none
    }

    /// Whether programs find a home directory that can be written to.
    package enum Home: Equatable, Sendable {
        case usable
        /// The reason, as the beginning of a sentence: `HOME is not set`.
        case unusable(reason: String)
        /// The app's ``WebApp/directoryInHome``, by its path: the app cannot use it, since another user owns it.
        case occupied(by: String)
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
        package: PythonPackage? = nil,
        workingDirectory: String = "/",
        pythonEnvironment: PythonEnvironment? = nil,
        configuration: [String: [String]] = [:]
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
        self.workingDirectory = workingDirectory
        self.pythonEnvironment = pythonEnvironment
        self.configuration = configuration
    }

    /// A variable's value; nil if the variable is not set or empty, which users take for the same.
    package func value(of variable: String) -> String? {
        variables[variable].flatMap { $0.isEmpty ? nil : $0 }
    }
}
