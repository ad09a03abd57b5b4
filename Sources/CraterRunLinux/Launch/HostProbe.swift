package import CraterRunCore
internal import CLinux
internal import Glibc

/// Collects the facts about the host that a launch needs.
package struct HostProbe {
    /// crater-run's own environment: entries `NAME=value`.
    package let environment: [[UInt8]]
    /// The directory in which apps start, by its full path; nil for our own working directory, whatever its path is
    /// then.
    let directory: String?

    package init(environment: [[UInt8]] = ProcessEnvironment.entries()) {
        self.environment = environment
        directory = nil
    }

    /// For an app that starts in a user's surroundings; nil for ours.
    init(surroundings: LaunchSurroundings?) {
        environment = surroundings?.environment ?? ProcessEnvironment.entries()
        directory = surroundings?.directory
    }

    private var workingDirectory: String { directory ?? WorkingDirectory.path }

    /// The facts for starting this app.
    ///
    /// - Parameters:
    ///   - override: `--executable`.
    ///   - storage: the run's storage, if there is one.
    ///   - name: the app's name in the storage.
    /// - Throws: ``LaunchFailure/missing(_:)`` with the places that were tried, or
    ///   ``LaunchFailure/notExecutable(_:)``.
    package func facts(
        for app: any WebApp,
        executable override: String?,
        storage: RunStorage? = nil,
        named name: String = ""
    ) throws(LaunchFailure) -> HostFacts {
        let found = try program(of: app, override: override)
        let user = UserFacts(environment: self, looksAtHome: app.surroundings.contains(.home), for: app.directoryInHome)
        let privateDirectory = storage?.directory.path(for: name)
        return HostFacts(
            hasIPv6: hasIPv6,
            program: app.programSearch.startsInterpreter ? .interpreter(python: found.python ?? "") : found.program,
            temporaryDirectory: temporaryDirectory(
                with: app.temporaryDirectoryVariable.flatMap(value) == nil ? app.temporaryDirectories : []),
            hasDataDirectory: app.dataDirectory.map { FileAccess.exists(path(of: $0)) } ?? true,
            home: user.home,
            userID: user.id,
            hasUserName: user.hasName,
            variables: variables,
            unreadableFiles: unreadableFiles(of: app.fileVariables),
            privateDirectory: privateDirectory,
            unsafePlaces: privateDirectory == nil ? storage?.directory.refusals ?? [] : [],
            package: app.programSearch.package.flatMap { question in
                found.python.flatMap { PythonModules.package(for: question, interpreter: $0, environment: value) }
            },
            workingDirectory: workingDirectory,
            pythonEnvironment: pythonEnvironment(of: found.program, interpreter: found.python),
            configuration: app.configuration.map { configuration($0, python: found.python) } ?? [:]
        )
    }

    /// The path of a file as the app resolves it.
    func path(of file: String) -> String {
        guard let directory, !file.hasPrefix("/") else { return file }
        return "\(directory)/\(file)"
    }

    private func unreadableFiles(of names: [String]) -> [String: String] {
        var reasons: [String: String] = [:]
        for name in names {
            guard let path = value(name) else { continue }
            do throws(SystemCallError) { _ = try SmallFile.readRegular(self.path(of: path), limit: 1) } catch {
                reasons[name] = error.reason
            }
        }
        return reasons
    }

    private var variables: [String: String] {
        let pairs = environment.compactMap { entry -> (String, String)? in
            let parts = entry.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = String(validating: parts[0], as: UTF8.self),
                let value = String(validating: parts[1], as: UTF8.self)
            else { return nil }
            return (name, value)
        }
        // Of two entries with one name, getenv(3) takes the first.
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private var hasIPv6: Bool {
        guard let table = try? SmallFile.read("/proc/net/if_inet6", limit: 64) else { return false }
        return !table.isEmpty
    }

    /// How the program is started, and the Python interpreter that runs it if it is a Python program.
    func program(
        of app: any WebApp,
        override: String?
    ) throws(LaunchFailure) -> (program: HostFacts.Program, python: String?) {
        let wish = app.programSearch
        let search = ExecutableSearch(
            names: app.executables,
            module: app.module,
            override: override,
            path: value("PATH"),
            directory: workingDirectory,
            others: wish.looksBeyondPath ? ExecutableSearch.customDirectories : [],
            frontCommand: wish.frontCommand,
            takesInterpreter: !wish.startsInterpreter
        )
        var unusable: LaunchFailure?
        for candidate in search.candidates {
            switch FileAccess.executable(at: candidate) {
            case .yes:
                let script = ScriptFile(path: candidate)
                // The candidate may be an interpreter itself.
                let named = script.interpreter(find: onPath)
                let beside = script.text.isEmpty ? nil : script.interpreterBeside(found: named)
                let python = beside ?? named ?? (ScriptFile.isPython(candidate) ? candidate : nil)
                if wish.startsInterpreter, python == nil {
                    unusable =
                        unusable
                        ?? .notExecutable(
                            "cannot execute \(candidate): it is not a Python script, so its Python interpreter is not known"
                        )
                    continue
                }
                if let beside { return (.script(path: candidate, text: script.text, python: beside), beside) }
                // Otherwise execve(2) would fail, and not say why.
                do throws(LaunchFailure) { try ProgramFile.check(candidate) } catch {
                    unusable = unusable ?? error
                    continue
                }
                return (.executable(path: candidate, text: script.text), python)
            case .no(let reason): unusable = unusable ?? .notExecutable("cannot execute \(candidate): \(reason)")
            case .unknown(let reason): throw .temporary("cannot look at \(candidate): \(reason)")
            case .missing: break
            }
        }
        if let module = search.module,
            let python = search.interpreters.first(where: {
                FileAccess.executable(at: $0) == .yes && PythonModules.has(module, interpreter: $0, environment: value)
            })
        {
            return (.module(module, python: python), python)
        }
        if let unusable { throw unusable }
        throw .missing(
            MissingProgram(
                names: override.map { [$0] } ?? app.executables, module: search.module, places: search.places,
                remedy: override == nil ? wish.remedy : nil))
    }

    /// The file that a shell would execute for this name.
    ///
    /// - Throws: ``LaunchFailure/missing(_:)`` or ``LaunchFailure/notExecutable(_:)``.
    package func program(named name: String) throws(LaunchFailure) -> String {
        let search = ExecutableSearch(
            names: [name], module: nil, override: name, path: value("PATH"), directory: workingDirectory,
            others: [])
        var unusable: String?
        for candidate in search.candidates {
            switch FileAccess.executable(at: candidate) {
            case .yes: return candidate
            case .no(let reason), .unknown(let reason): unusable = unusable ?? "\(candidate): \(reason)"
            case .missing: break
            }
        }
        if let unusable { throw .notExecutable("cannot execute \(unusable)") }
        throw .missing(MissingProgram(names: [name], places: search.places))
    }

    /// A program on PATH, by its full path.
    private func onPath(_ name: String) -> String? {
        ExecutableSearch(
            names: [name], module: nil, override: nil, path: value("PATH"), directory: workingDirectory
        )
        .candidates.first { FileAccess.executable(at: $0) == .yes }
    }

    /// The usual directories are those that Python's tempfile and most programs try, in order; the others stay writable
    /// in a container with a read-only root.
    ///
    /// - Parameter names: the names of the directories in the temporary directory that the app writes to.
    private func temporaryDirectory(with names: [String]) -> HostFacts.TemporaryDirectory {
        let usual = ["TMPDIR", "TEMP", "TMP"].compactMap { value($0) } + ["/tmp", "/var/tmp"]
        if let first = usual.first(where: FileAccess.isWritableDirectory) {
            let taken = names.map { "\(first)/\($0)" }.first {
                FileAccess.exists($0) && !FileAccess.isWritableDirectory($0)
            }
            return taken.map { .occupied(by: $0) } ?? .usable
        }
        let others = [value("XDG_RUNTIME_DIR"), "/dev/shm", "/run", value("HOME"), workingDirectory].compactMap {
            $0
        }
        return others.first(where: FileAccess.isWritableDirectory).map { .replacement(path: $0) } ?? .none
    }

    /// The value of a setting that has only a variable; nil if the variable is not set or empty. In a path, a `~` is
    /// replaced by the home.
    package func value(of setting: Setting<String>) -> String? {
        guard let text = setting.declaration.variable.flatMap(value) else { return nil }
        return setting.declaration.isPath ? HomeDirectories(variables: { [self] in value($0) }).expand(text) : text
    }

    /// A variable's value; nil if it is not set or empty.
    package func value(_ name: String) -> String? {
        let prefix = Array("\(name)=".utf8)
        guard let entry = environment.first(where: { $0.starts(with: prefix) }), entry.count > prefix.count else {
            return nil
        }
        return String(decoding: entry.dropFirst(prefix.count), as: UTF8.self)
    }
}
