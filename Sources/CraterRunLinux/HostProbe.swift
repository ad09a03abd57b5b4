package import CraterRunCore
internal import CLinux
internal import Glibc

/// Looks up what a launch needs to know of the host.
package struct HostProbe {
    /// crater-run's own environment: entries `NAME=value`.
    package let environment: [[UInt8]]

    package init(environment: [[UInt8]] = ProcessEnvironment.entries()) {
        self.environment = environment
    }

    /// The facts for starting this app.
    ///
    /// - Parameter override: `--executable`.
    /// - Throws: ``LaunchFailure/notFound(_:)`` with the places tried, or ``LaunchFailure/notExecutable(_:)``.
    package func facts(for app: any WebApp, executable override: String?) throws(LaunchFailure) -> HostFacts {
        HostFacts(
            hasIPv6: hasIPv6,
            program: try program(of: app, override: override),
            temporaryDirectory: temporaryDirectory,
            hasDataDirectory: app.dataDirectory.map(FileAccess.exists) ?? true
        )
    }

    private var hasIPv6: Bool {
        guard let table = try? SmallFile.read("/proc/net/if_inet6", limit: 64) else { return false }
        return !table.isEmpty
    }

    private func program(of app: any WebApp, override: String?) throws(LaunchFailure) -> HostFacts.Program {
        let search = ExecutableSearch(
            names: app.executables,
            module: app.module,
            override: override,
            path: value("PATH"),
            directory: WorkingDirectory.path
        )
        var unusable: String?
        for candidate in search.candidates {
            switch FileAccess.executable(at: candidate) {
            case .yes: return .executable(path: candidate)
            case .no(let reason): unusable = unusable ?? "\(candidate): \(reason)"
            case .missing: break
            }
        }
        if let module = search.module,
            let python = search.interpreters.first(where: {
                FileAccess.executable(at: $0) == .yes && PythonModules.has(module, interpreter: $0, environment: value)
            })
        {
            return .module(module, python: python)
        }
        if let unusable { throw .notExecutable("cannot execute \(unusable)") }
        let hint = override == nil ? "; install it, or name it with --executable" : ""
        throw .notFound("there is no such program at any of: \(search.places)\(hint)")
    }

    /// The directories that Python's tempfile and most programs try, in order, then those that stay writable in a container
    /// whose root is read-only.
    private var temporaryDirectory: HostFacts.TemporaryDirectory {
        let usual = ["TMPDIR", "TEMP", "TMP"].compactMap { value($0) } + ["/tmp", "/var/tmp"]
        if usual.contains(where: FileAccess.isWritableDirectory) { return .usable }
        let others = [value("XDG_RUNTIME_DIR"), "/dev/shm", "/run", value("HOME"), WorkingDirectory.path].compactMap {
            $0
        }
        return others.first(where: FileAccess.isWritableDirectory).map { .replacement(path: $0) } ?? .none
    }

    private func value(_ name: String) -> String? {
        let prefix = Array("\(name)=".utf8)
        guard let entry = environment.first(where: { $0.starts(with: prefix) }), entry.count > prefix.count else {
            return nil
        }
        return String(decoding: entry.dropFirst(prefix.count), as: UTF8.self)
    }
}

/// Questions about files that stat(2) and access(2) answer.
package enum FileAccess {
    package enum Executable: Equatable {
        case yes
        case no(reason: String)
        case missing
    }

    /// Whether there is a file that can be executed.
    package static func executable(at path: String) -> Executable {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return [ENOENT, ENOTDIR].contains(errno) ? .missing : .no(reason: systemErrorText(errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return .no(reason: "it is not a file") }
        return access(path, X_OK) == 0 ? .yes : .no(reason: systemErrorText(errno))
    }

    package static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Whether files can be made in this directory; a read-only file system refuses root too.
    package static func isWritableDirectory(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        return access(path, W_OK | X_OK) == 0
    }
}

/// The directory that crater-run was started in.
package enum WorkingDirectory {
    /// Its full path; `/` if it has been deleted.
    package static var path: String {
        guard let name = getcwd(nil, 0) else { return "/" }
        defer { free(name) }
        return String(cString: name)
    }
}

/// Whether a Python interpreter has a module, by looking at its folders instead of starting it, which takes a tenth of a
/// second and more.
enum PythonModules {
    static func has(_ module: String, interpreter: String, environment: (String) -> String?) -> Bool {
        let file = module.split(separator: ".").joined(separator: "/")
        return folders(of: interpreter, environment: environment).contains { folder in
            access("\(folder)/\(file).py", R_OK) == 0 || access("\(folder)/\(file)/__main__.py", R_OK) == 0
        }
    }

    private static func folders(of interpreter: String, environment: (String) -> String?) -> [String] {
        var folders = environment("PYTHONPATH").map { $0.split(separator: ":").map(String.init) } ?? []
        let userBase = environment("PYTHONUSERBASE") ?? environment("HOME").map { "\($0)/.local" }
        // A virtual environment is where the link to its interpreter is; another's packages are not its own.
        let prefix = interpreter.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
            separator: "/")
        for base in [prefix, userBase].compactMap({ $0 }) {
            for library in ["\(base)/lib", "\(base)/local/lib"] {
                for version in Directory.names(in: library) ?? [] where version.hasPrefix("python3") {
                    folders += ["\(library)/\(version)/site-packages", "\(library)/\(version)/dist-packages"]
                }
            }
        }
        return folders
    }
}
