/// A web app as crater-run serves it. Everything in it is a value or a pure function: adding an app is one type that
/// conforms, and one command that parses its options (none for a ``SimpleApp``).
package protocol WebApp: Equatable, Sendable {
    var identity: AppIdentity { get }
    /// The names of its executable, best first; a path stands for itself.
    var executables: [String] { get }
    /// The Python module that does the same, for `python -m`.
    var module: String? { get }
    var readiness: ReadinessPolicy { get }
    /// What asks it to stop without losing anything.
    var stopSignal: Signal { get }
    /// What its environment has beyond ours.
    var environment: EnvironmentEdits { get }
    /// The local directory whose data it shows; nil if there is none to look for.
    var dataDirectory: String? { get }
    /// Whether it is a viewer: the first to go when memory runs out, since training matters more.
    var isViewer: Bool { get }

    /// The arguments after the program's name.
    ///
    /// - Throws: ``FlagConflict`` where the user's own flags contradict the rule.
    func arguments(for rule: IngressRule, on host: HostFacts) throws(FlagConflict) -> [String]

    // What follows has a default that most apps keep.

    /// How its program is found and started.
    var programSearch: ProgramSearch { get }
    /// The Python distributions that it may have been installed as, the usual one first, as their directories' names begin.
    ///
    /// - Parameter program: what was found to start it by; nil for any.
    func distributions(of program: HostFacts.Program?) -> [String]
    /// What of the user's surroundings it does not start without.
    var surroundings: Set<Surrounding> { get }
    /// Variables that it reads and that Kubernetes sets for a Service of its name (`JUPYTER_PORT=tcp://…`): taken out of its
    /// environment where they have such a value.
    var serviceLinks: [String] { get }
    /// Variables that name a file without which it does not start.
    var fileVariables: [String] { get }
    /// What its launch needs beyond the command, the ``environment`` and the ``surroundings``.
    func needs(for rule: IngressRule, on host: HostFacts) -> LaunchNeeds
    /// Whether it may miss a stop signal that comes at a bad moment, and takes a second one for the same.
    var missesStopSignals: Bool { get }
    /// The directory below its private one that it writes files into which say what is in force; nil if it writes none.
    var runtimeDirectory: String? { get }
    /// Whether a file of this name there says what is in force.
    func isRuntimeFile(_ name: String) -> Bool
    /// What the files in its runtime directory say.
    ///
    /// - Parameter announced: what an earlier look left to be remembered, by whichever process of this run.
    func readBack(_ files: [RuntimeFile], for rule: IngressRule, announced: String?) -> ReadBack
    /// The path below the prefix at which it answers 2xx to who has its secret, and refuses anybody else; nil where that cannot
    /// be tried.
    var trialPath: String? { get }
    /// The header that a request there has the secret in.
    func trialHeader(_ secret: String) -> String
    /// What is told of a secret that the app was given where it writes no files that could be read.
    ///
    /// - Parameters:
    ///   - trial: the status of the answer at ``trialPath``; nil where none came.
    ///   - announced: as above.
    func readBack(secret: String, trial: Int?, for rule: IngressRule, announced: String?) -> ReadBack
    /// What of the user's ends with it, as the names of the files in its runtime directory tell; nil if nothing does.
    func losses(_ names: [String]) -> LogEntry?
}

extension WebApp {
    package var programSearch: ProgramSearch { ProgramSearch() }
    package func distributions(of program: HostFacts.Program?) -> [String] {
        module.flatMap { $0.split(separator: ".").first }.map { [String($0)] } ?? []
    }
    package var surroundings: Set<Surrounding> { [] }
    package var serviceLinks: [String] { [] }
    package var fileVariables: [String] { [] }
    package func needs(for rule: IngressRule, on host: HostFacts) -> LaunchNeeds { LaunchNeeds() }
    package var missesStopSignals: Bool { false }
    package var runtimeDirectory: String? { nil }
    package func isRuntimeFile(_ name: String) -> Bool { false }
    package func readBack(_ files: [RuntimeFile], for rule: IngressRule, announced: String?) -> ReadBack { ReadBack() }
    package var trialPath: String? { nil }
    package func trialHeader(_ secret: String) -> String { "" }
    package func readBack(secret: String, trial: Int?, for rule: IngressRule, announced: String?) -> ReadBack {
        ReadBack()
    }
    package func losses(_ names: [String]) -> LogEntry? { nil }
}

extension WebApp {
    /// The plan to start the app by this rule on this host.
    ///
    /// - Parameter instance: marks every process that belongs to this launch: `<nonce>/<app>`.
    /// - Throws: ``FlagConflict`` as ``arguments(for:on:)``.
    package func plan(for rule: IngressRule, on host: HostFacts, instance: String) throws(FlagConflict) -> LaunchPlan {
        var all = LaunchNeeds(environment: environment)
        setSurroundings(in: &all, on: host)
        for name in serviceLinks where host.value(of: name)?.hasPrefix("tcp://") ?? false {
            all.environment.remove(name)
        }
        let own = needs(for: rule, on: host)
        all.environment.merge(own.environment)
        all.preparations += own.preparations
        all.notes += own.notes
        if let directory = dataDirectory, !host.hasDataDirectory {
            let name = ShellQuoting.quote(directory)
            all.notes.append("the directory \(name) is not there (yet): \(identity.name) shows nothing until it is")
        }
        all.environment.set(LaunchMarker.variable, to: instance)
        return LaunchPlan(
            app: identity.name,
            rule: rule,
            arguments: host.program.words + (try arguments(for: rule, on: host)),
            environment: all.environment,
            preparations: all.preparations,
            readinessPath: rule.prefix.appending(readiness.path),
            stopSignal: stopSignal,
            notes: all.notes,
            lack: own.lack
        )
    }

    /// Stands in for what the host does not offer. What is usable stays as it is: another home would
    /// hide the user's own kernels and settings.
    private func setSurroundings(in needs: inout LaunchNeeds, on host: HostFacts) {
        let name = identity.name
        switch host.temporaryDirectory {
        case .usable: break
        case .replacement(let path):
            needs.environment.set("TMPDIR", to: path)
            needs.notes.append("no usual temporary directory can be written to: TMPDIR is \(path) for \(name)")
        case .none:
            needs.notes.append("no temporary directory can be written to; \(name) is likely to need one (TMPDIR)")
        }
        if surroundings.contains(.home), case .unusable(let reason) = host.home {
            if let home = host.privateDirectory.map({ "\($0)/home" }) {
                needs.environment.set("HOME", to: home)
                needs.preparations.append(.directory(path: home))
                needs.notes.append("\(reason): HOME is \(home) for \(name), and goes when crater-run ends")
            } else {
                needs.notes.append("\(reason), and nothing else can be; \(name) is likely to need one (HOME)")
            }
        }
        if surroundings.contains(.userName), !host.hasUserName {
            for variable in ["USER", "LOGNAME"] { needs.environment.set(variable, to: String(host.userID)) }
        }
    }
}
