/// A web app as crater-run serves it. Everything in it is a value or a pure function: adding an app is one type that
/// conforms, and one command that parses its options.
package protocol WebApp: Sendable {
    var identity: AppIdentity { get }
    /// The names of its executable, best first.
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
}

/// A flag of the user's that contradicts what crater-run sets.
package struct FlagConflict: Error, Equatable, Sendable {
    /// Why, for a person.
    package let reason: String
}

extension WebApp {
    /// The plan to start the app by this rule on this host.
    ///
    /// - Parameter instance: marks every process that belongs to this launch: `<nonce>/<app>`.
    /// - Throws: ``FlagConflict`` as ``arguments(for:on:)``.
    package func plan(for rule: IngressRule, on host: HostFacts, instance: String) throws(FlagConflict) -> LaunchPlan {
        var environment = environment
        var notes: [String] = []
        switch host.temporaryDirectory {
        case .usable: break
        case .replacement(let path):
            environment.set("TMPDIR", to: path)
            notes.append("no usual temporary directory can be written to: TMPDIR is \(path) for \(identity.name)")
        case .none:
            notes.append("no temporary directory can be written to; \(identity.name) is likely to need one (TMPDIR)")
        }
        if let directory = dataDirectory, !host.hasDataDirectory {
            let name = ShellQuoting.quote(directory)
            notes.append("the directory \(name) is not there (yet): \(identity.name) shows nothing until it is")
        }
        environment.set(LaunchMarker.variable, to: instance)
        return LaunchPlan(
            app: identity.name,
            rule: rule,
            arguments: host.program.words + (try arguments(for: rule, on: host)),
            environment: environment,
            readinessPath: rule.prefix.appending(readiness.path),
            stopSignal: stopSignal,
            notes: notes
        )
    }
}

/// The variable by which processes are known that belong to an app, wherever they are reparented to.
package enum LaunchMarker {
    package static let variable = "CRATER_RUN_INSTANCE"

    /// The variable's value: `<nonce>/<app>`.
    package static func instance(of app: String, nonce: UInt64) -> String {
        "\(String(nonce, radix: 16))/\(app)"
    }

    /// The app that a value of the variable names, if it is of the run with this nonce.
    package static func app(of instance: String, nonce: UInt64) -> String? {
        let start = self.instance(of: "", nonce: nonce)
        return instance.hasPrefix(start) ? String(instance.dropFirst(start.count)) : nil
    }
}
