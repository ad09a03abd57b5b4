import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// A command that serves one app: in the foreground, or as a line of `up --app`.
protocol ServingCommand: ParsableCommand {
    /// What all such commands have in common.
    var serve: ServeOptions { get }
    /// The program to start instead of the one that is found.
    var executable: String? { get }
    /// Its variable, such as `CRATER_RUN_TENSORBOARD_EXECUTABLE`; nil where the program is not to choose.
    static var executableVariable: String? { get }
    var source: AnnotationsOptions { get }

    /// The app, as the options have it.
    func app(settings: inout Settings) -> any WebApp
}

extension ServingCommand {
    /// The app and how it is served, as the options have it.
    func definition(in mode: ServeMode, publicHost: PublicHost?, settings: inout Settings) -> AppDefinition {
        let app = app(settings: &settings)
        var definition = serve.definition(of: app, in: mode, publicHost: publicHost, settings: &settings)
        definition.executable = settings.read(
            "--executable",
            executable,
            variable: Self.executableVariable,
            expected: "a program's name or path"
        ) { $0.isEmpty ? nil : $0 }
        return definition
    }

    /// Serves the app until it ends.
    ///
    /// - Returns: the exit code.
    /// - Throws: ``CommandFailure`` for settings that are wrong, or a host that refuses to let us begin.
    func serve(inherited: InheritedSignals) throws -> Int32 {
        var settings = Settings()
        let mode: ServeMode = ThisProcess.isProcessOne ? .processOne : .byHand
        let publicHost = source.publicHost(settings: &settings)
        let definition = definition(in: mode, publicHost: publicHost, settings: &settings)
        var options = serve.foreground(of: definition, in: mode, settings: &settings)
        options.publicHost = publicHost
        let logStyle = serve.log.style(settings: &settings)
        let health = HealthSettings(serve.health, in: mode, settings: &settings)
        try settings.check()
        if serve.port != nil, serve.prefix == nil {
            Console.complain("warning: --port without --prefix serves at the root, under no rule's prefix")
        }
        let nonce = ThisProcess.nonce()
        if serve.dryRun {
            // Nothing is supervised: Ctrl-C ends it as it ends anything.
            inherited.restore()
            try printPlan(definition, nonce: nonce, publicHost: publicHost)
            return 0
        }
        if let code = try askOthers(
            definition, in: mode, publicHost: publicHost, inherited: inherited)
        {
            return code
        }
        do throws(SystemCallError) {
            let storage = RunStorage(nonce: nonce)
            let answering = try Answering(health, in: mode, nonce: nonce, storage: storage)
            defer { answering.end() }
            let role = try SupervisorRole(
                on: Reactor(inherited: inherited),
                supervisor: Supervisor(options: options, seed: nonce),
                rules: definition.fixedRule == nil ? .annotations(path: source.annotationsPath) : .fixed,
                nonce: nonce,
                storage: storage,
                exchange: answering.exchange,
                notes: answering.notes,
                logStyle: logStyle
            )
            return role.run()
        } catch {
            throw CommandFailure("cannot begin to supervise: \(error)", code: CommandFailure.Code.other)
        }
    }

    /// The rule that the app has now.
    private func rule(for app: AppIdentity, publicHost: PublicHost?) throws(CommandFailure) -> IngressRule {
        let file = try source.readAnnotations()
        let selection = selection(for: app, in: file)
        guard case .found(let rule) = selection else {
            source.complain(about: file)
            throw CommandFailure(selection.failureMessage(for: serve.rule ?? app.name) ?? "cannot find a rule")
        }
        return rule.reachable(at: publicHost)
    }

    /// Which rule that is, if there is one.
    func selection(for app: AppIdentity, in file: AnnotationsFile) -> RuleSelection {
        RuleSelection.choose(
            for: app, in: AnnotationsReader.rules(of: file, path: source.annotationsPath), named: serve.rule)
    }

    /// `--dry-run`: the plan for the rule that there is now, on stdout.
    private func printPlan(_ definition: AppDefinition, nonce: UInt64, publicHost: PublicHost?) throws {
        let app = definition.app
        let rule = try definition.fixedRule ?? rule(for: app.identity, publicHost: publicHost)
        let plan: LaunchPlan
        do throws(LaunchFailure) {
            plan = try AppLauncher(app: app, executable: definition.executable, nonce: nonce).plan(
                for: ServingPlace(direct: rule))
        } catch {
            let message = "cannot start \(app.identity.name): \(error.reason)"
            throw CommandFailure(message, code: error.exitCode ?? CommandFailure.Code.other)
        }
        try Console.page(plan.page)
    }
}
