/// A web app that crater-run can serve. All its members are values or pure functions. To add an app takes one type that
/// conforms, and one command that parses the app's options (none for a ``SimpleApp``).
package protocol WebApp: Equatable, Sendable {
    var identity: AppIdentity { get }
    /// The names of the app's executable, best first; a path stands for itself.
    var executables: [String] { get }
    /// The Python module that is the same program, for `python -m`.
    var module: String? { get }
    var readiness: ReadinessPolicy { get }
    /// The signal that makes the app stop without losing data.
    var stopSignal: Signal { get }
    /// The differences of the app's environment from crater-run's own.
    var environment: EnvironmentEdits { get }
    /// The local directory whose data the app shows; nil if there is none to look for.
    var dataDirectory: String? { get }
    /// Whether the app only shows data. Viewers are killed first when memory runs out, since training matters more.
    var isViewer: Bool { get }

    /// The arguments after the program's name.
    ///
    /// - Throws: ``Refusal`` if the user's own flags contradict the rule.
    func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String]

    // The members below have defaults that most apps keep.

    /// Whether the app can be told the path below which it serves. An app that cannot serves at the root alone: it is
    /// started behind a front door that takes the prefix away, and its ``Backend`` has the root prefix.
    var knowsPrefix: Bool { get }
    /// Whether the app can only be served behind the front door, although it knows the prefix.
    var needsDoor: Bool { get }
    /// Where the app listens behind the front door.
    func backendWish(on host: HostFacts) -> BackendWish
    /// Whether the app writes the prefix into its links even where the front door takes the prefix off. Such an app is
    /// told the prefix outside (``needs(for:on:)``), and is started anew when that prefix changes.
    var writesOutsidePrefix: Bool { get }
    /// Whether the app is a program of the user's own, which crater-run starts as the user would. Its words and its
    /// Python path are left as they are. False for a known program that runs a user's file, such as Streamlit.
    var isUsersProgram: Bool { get }
    /// How the app's program is found and started.
    var programSearch: ProgramSearch { get }
    /// The Python distributions that may have installed the app, the usual one first, by the beginnings of their
    /// directories' names.
    ///
    /// - Parameter program: the program that was found to start the app; nil for any.
    func distributions(of program: HostFacts.Program?) -> [String]
    /// How the app is installed, for messages: a command, or where to read about it.
    var installation: String { get }
    /// The parts of the user's surroundings without which the app does not start.
    var surroundings: Set<Surrounding> { get }
    /// Variables that the app reads, and that Kubernetes sets for a Service of the app's name (`JUPYTER_PORT=tcp://…`).
    /// A variable in this list is removed from the app's environment if it has such a value. Other variables with such
    /// a value are removed only if the environment has further variables of the same Service.
    var serviceLinks: [String] { get }
    /// Variables with which the app would listen at a socket file, or speak TLS.
    var transportVariables: [String] { get }
    /// Variables with which the app would serve below another path, unless crater-run gives it a prefix.
    var prefixVariables: [String] { get }
    /// Variables that the app reads as the address to listen at, such as `HOST`.
    var addressVariables: [String] { get }
    /// The names of directories that the app makes in the temporary directory, and must be able to write to.
    var temporaryDirectories: [String] { get }
    /// The variable with which the user has these directories elsewhere; nil if there is none.
    var temporaryDirectoryVariable: String? { get }
    /// The directory in the home that the app cannot do without if it is there; nil if there is none.
    var directoryInHome: DirectoryInHome? { get }
    /// The ports for its own use that the app may open long before its own port.
    var earlyPorts: EarlyPorts { get }
    /// What crater-run must find out from the app's configuration files; nil for nothing.
    var configuration: ConfigurationQuestion? { get }
    /// Variables that name a file without which the app does not start.
    var fileVariables: [String] { get }
    /// The page that a person opens below the prefix, with a leading slash; empty for the prefix itself.
    var page: String { get }
    /// For an app without a login: the rest of a sentence that begins with the app's name. Nil if the app asks for a
    /// login.
    var withoutLogin: String? { get }
    /// Variables with which the user gives such an app a login.
    var loginVariables: [String] { get }
    /// What messages call the ``dataDirectory``: `directory` or `file`.
    var dataKind: String { get }
    /// What happens while the ``dataDirectory`` is missing: the rest of a sentence that begins with the app's name.
    var withoutData: String { get }
    /// What the app's launch needs, for an app whose needs also depend on the public address. The default asks for the
    /// needs for the backend only.
    func needs(for place: ServingPlace, on host: HostFacts) -> LaunchNeeds
    /// What the app's launch needs beyond the command, the ``environment`` and the ``surroundings``.
    func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds
    /// Whether the app may miss a stop signal that comes at a bad moment. Such an app is sent a second one, which must
    /// mean the same to the app.
    var missesStopSignals: Bool { get }
    /// The directory, below the app's private directory, in which the app writes files about its settings in force; nil
    /// if the app writes none.
    var runtimeDirectory: String? { get }
    /// Whether a file of this name in the runtime directory tells the settings in force.
    func isRuntimeFile(_ name: String) -> Bool
    /// Reads the contents of the files in the runtime directory.
    ///
    /// - Parameter announced: what the last reading left to remember, perhaps in an earlier process of this run.
    func readBack(_ files: [RuntimeFile], for place: ServingPlace, announced: String?) -> ReadBack
    /// The path below the prefix that answers 2xx to a request with the app's secret, and refuses all others; nil if a
    /// secret cannot be tried.
    var trialPath: String? { get }
    /// The header that carries the secret in a request to ``trialPath``.
    func trialHeader(_ secret: String) -> String
    /// Tells the user about the secret that crater-run gave to the app, if the app writes no files that could be read.
    ///
    /// - Parameters:
    ///   - trial: the status of the response at ``trialPath``; nil if there was none.
    ///   - announced: as in ``readBack(_:for:announced:)``.
    func readBack(secret: String, trial: Int?, for place: ServingPlace, announced: String?) -> ReadBack
    /// What the open page of the app sends by itself.
    var polls: PollTable { get }
    /// Whether the app may be stopped when nobody opens its page. False for an app that serves programs too, and for an
    /// app whose work nobody sees.
    var canSleep: Bool { get }
    /// How it is found out whether the app is at work although nobody uses it; nil for an app that only answers.
    var activityQuestion: ActivityQuestion? { get }
    /// The secret for ``ActivityQuestion/path``, by the files in the runtime directory; nil if no file tells, and empty
    /// if the app has no secret.
    func secret(in files: [RuntimeFile], for backend: Backend) -> String?
    /// Reads the answer at ``ActivityQuestion/path``.
    func activity(_ answer: HTTPResponse, now: WallTime) -> AppActivity
    /// A warning about the user's work that ends with the app, by the names of the files in its runtime directory; nil
    /// if none ends.
    func losses(_ names: [String]) -> LogEntry?
}

extension WebApp {
    package var knowsPrefix: Bool { true }
    package var needsDoor: Bool { false }
    package func backendWish(on host: HostFacts) -> BackendWish { .anyPort }
    package var writesOutsidePrefix: Bool { false }
    package var isUsersProgram: Bool { false }
    package var programSearch: ProgramSearch { ProgramSearch() }
    package func distributions(of program: HostFacts.Program?) -> [String] {
        module.flatMap { $0.split(separator: ".").first }.map { [String($0)] } ?? []
    }
    package var installation: String { "pip install \(distributions(of: nil).first ?? identity.name)" }
    package var surroundings: Set<Surrounding> { [] }
    package var serviceLinks: [String] { [] }
    package var transportVariables: [String] { [] }
    package var prefixVariables: [String] { [] }
    package var addressVariables: [String] { [] }
    package var temporaryDirectories: [String] { [] }
    package var temporaryDirectoryVariable: String? { nil }
    package var directoryInHome: DirectoryInHome? { nil }
    package var earlyPorts: EarlyPorts { .none }
    package var configuration: ConfigurationQuestion? { nil }
    package var fileVariables: [String] { [] }
    package var page: String { "" }
    package var withoutLogin: String? { nil }
    package var loginVariables: [String] { [] }
    package var dataKind: String { "directory" }
    package var withoutData: String {
        dataKind == "file" ? "does not start until it is" : "shows nothing until it is"
    }
    package func needs(for place: ServingPlace, on host: HostFacts) -> LaunchNeeds {
        needs(for: place.backend, on: host)
    }
    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds { LaunchNeeds() }
    package var missesStopSignals: Bool { false }
    package var runtimeDirectory: String? { nil }
    package func isRuntimeFile(_ name: String) -> Bool { false }
    package func readBack(_ files: [RuntimeFile], for place: ServingPlace, announced: String?) -> ReadBack {
        ReadBack()
    }
    package var trialPath: String? { nil }
    package func trialHeader(_ secret: String) -> String { "" }
    package func readBack(secret: String, trial: Int?, for place: ServingPlace, announced: String?) -> ReadBack {
        ReadBack()
    }
    package var polls: PollTable { .none }
    package var canSleep: Bool { true }
    package var activityQuestion: ActivityQuestion? { nil }
    package func secret(in files: [RuntimeFile], for backend: Backend) -> String? { nil }
    package func activity(_ answer: HTTPResponse, now: WallTime) -> AppActivity { .idle(quiet: nil) }
    package func losses(_ names: [String]) -> LogEntry? { nil }
}

extension WebApp {
    /// ``withoutLogin``; nil if a variable of the user's gives the app a login.
    package func withoutLogin(_ variables: (String) -> String?) -> String? {
        loginVariables.allSatisfy { variables($0)?.isEmpty ?? true } ? withoutLogin : nil
    }

    /// The plan to start the app by this rule, on this host.
    ///
    /// - Parameter instance: the marker of every process of this launch: `<nonce>/<app>`.
    /// - Throws: ``Refusal`` as ``arguments(for:on:)``.
    package func plan(for place: ServingPlace, on host: HostFacts, instance: String) throws(Refusal) -> LaunchPlan {
        let arguments = try arguments(for: place.backend, on: host)
        var all = LaunchNeeds(environment: environment)
        setSurroundings(in: &all, on: host)
        all.removeServiceLinks(serviceLinks, on: host, usedBy: arguments)
        all.removeTransports(transportVariables, of: identity, on: host)
        if place.backend.prefix.isRoot { all.removePrefixes(prefixVariables, of: identity, on: host) }
        all.removeCompilerPlatforms(addressVariables, of: identity, on: host)
        setPythonEnvironment(in: &all, on: host)
        let own = needs(for: place, on: host)
        all.environment.merge(own.environment)
        if !isUsersProgram { all.guardPythonPath(on: host, keepsNamed: !isViewer) }
        all.preparations += own.preparations + (place.backend.socket.map { [.socket(path: $0)] } ?? [])
        all.notes += own.notes
        if let directory = dataDirectory, !host.hasDataDirectory {
            let name = ShellQuoting.quote(directory)
            all.notes.append("the \(dataKind) \(name) is not there (yet): \(identity.name) \(withoutData)")
        }
        all.environment.settle(on: host)
        // The app needs no key to the front door.
        if host.variables[LoginKey.variable] != nil { all.environment.remove(LoginKey.variable) }
        all.environment.set(LaunchMarker.variable, to: instance)
        return LaunchPlan(
            app: identity.name,
            place: place,
            arguments: host.program.words + arguments,
            environment: all.environment,
            preparations: all.preparations,
            readinessPath: place.backend.prefix.appending(readiness.path),
            webPage: page,
            stopSignal: stopSignal,
            notes: all.notes,
            lack: own.lack
        )
    }

    /// Puts the directory of the Python interpreter first on PATH, as an activated environment has it, if the program
    /// does not find its interpreter by itself.
    private func setPythonEnvironment(in needs: inout LaunchNeeds, on host: HostFacts) {
        guard let python = host.pythonEnvironment else { return }
        let path = host.value(of: "PATH") ?? ExecutableSearch.defaultPath
        if python.isFoundBeside, path.split(separator: ":").first.map(String.init) != python.directory {
            needs.environment.set("PATH", to: "\(python.directory):\(path)")
        }
        if let scripts = python.activationScripts {
            needs.notes.append(
                "\(identity.name) is started by \(python.python), and the scripts in \(scripts), which conda activate would run, "
                    + "are not run: set by hand what it needs of them")
        }
    }

    /// Replaces what the host does not offer. What is usable stays as it is: another home would hide the user's own
    /// kernels and settings.
    private func setSurroundings(in needs: inout LaunchNeeds, on host: HostFacts) {
        let name = identity.name
        switch host.temporaryDirectory {
        case .usable: break
        case .replacement(let path):
            needs.environment.set("TMPDIR", to: path)
            needs.notes.append("no usual temporary directory can be written to: TMPDIR is \(path) for \(name)")
        case .occupied(let file):
            let why = "\(file) cannot be written to (another user has made it)"
            if let own = host.privateDirectory.map({ "\($0)/tmp" }) {
                needs.environment.set("TMPDIR", to: own)
                needs.preparations.append(.directory(path: own))
                needs.notes.append("\(why): TMPDIR is \(own) for \(name)")
            } else {
                needs.notes.append("\(why), and there is no other place; \(name) is likely to need one (TMPDIR)")
            }
        case .none:
            needs.notes.append("no temporary directory can be written to; \(name) is likely to need one (TMPDIR)")
        }
        if surroundings.contains(.home) { setHome(in: &needs, on: host) }
        if surroundings.contains(.userName), !host.hasUserName {
            for variable in ["USER", "LOGNAME"] { needs.environment.set(variable, to: String(host.userID)) }
        }
    }

    private func setHome(in needs: inout LaunchNeeds, on host: HostFacts) {
        let name = identity.name
        let why: String
        switch host.home {
        case .usable: return
        case .unusable(let reason): why = reason
        case .occupied(let path):
            guard isViewer else {
                // Another home would hide what the user's own code has in this one.
                let file = ShellQuoting.quote(path)
                needs.notes.append(
                    "\(path) cannot be read (another user owns it), so \(name) does not start: let its owner run chmod -R a+rX "
                        + "\(file), move it away, or set HOME to another directory")
                return
            }
            why = "\(path) cannot be written to (another user owns it)"
        }
        guard let home = host.privateDirectory.map({ "\($0)/home" }) else {
            needs.notes.append("\(why), and there is no other home; \(name) is likely to need one (HOME)")
            return
        }
        needs.environment.set("HOME", to: home)
        // Python derives from the home where `pip install --user` has put packages, the app itself perhaps.
        if let former = host.value(of: "HOME") {
            needs.environment.setUnlessGiven("PYTHONUSERBASE", to: "\(former)/.local")
        }
        needs.preparations.append(.directory(path: home))
        needs.notes.append("\(why): HOME is \(home) for \(name), and goes when crater-run ends")
    }
}
