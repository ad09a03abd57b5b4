import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// A command that serves one app in the foreground.
protocol ServingCommand: ParsableCommand {
    /// What all such commands have in common.
    var serve: ServeOptions { get }
    /// The program to start instead of the one that is found.
    var executable: String? { get }
    /// Its variable, such as `CRATER_RUN_TENSORBOARD_EXECUTABLE`.
    static var executableVariable: String { get }
    var source: AnnotationsOptions { get }

    /// The app, as the options have it.
    func app(settings: inout Settings) -> any WebApp
}

extension ServingCommand {
    /// Serves the app until it ends.
    ///
    /// - Returns: the exit code.
    /// - Throws: ``CommandFailure`` for settings that are wrong, or a host that refuses to let us begin.
    func serve(inherited: InheritedSignals) throws -> Int32 {
        var settings = Settings()
        let app = app(settings: &settings)
        let program = settings.read(
            "--executable",
            executable,
            variable: Self.executableVariable,
            expected: "a program's name or path"
        ) { $0.isEmpty ? nil : $0 }
        let serving = Serving(serve, app: app, publicHost: source.publicHost(settings: &settings), settings: &settings)
        try settings.check()
        if serve.port != nil, serve.prefix == nil {
            Console.complain("warning: --port without --prefix serves at the root, under no rule's prefix")
        }
        let nonce = ThisProcess.nonce()
        let launcher = AppLauncher(app: app, executable: program, nonce: nonce)
        if serve.dryRun {
            try printPlan(launcher, serving)
            return 0
        }
        let reactor: Reactor
        do throws(SystemCallError) {
            reactor = try Reactor(
                supervisor: ForegroundSupervisor(options: serving.foreground, policy: serving.policy, seed: nonce),
                launcher: launcher,
                rules: serving.foreground.fixedRule == nil ? .annotations(path: source.annotationsPath) : .fixed,
                inherited: inherited,
                outputTag: serving.tagsOutput ? "[\(app.identity.name)] " : "",
                logLevel: serving.logLevel,
                logFormat: serving.logFormat
            )
        } catch {
            throw CommandFailure("cannot begin to supervise: \(error)", code: CommandFailure.Code.other)
        }
        return reactor.run()
    }

    /// The rule that the app has now.
    private func rule(for app: AppIdentity, publicHost: PublicHost?) throws(CommandFailure) -> IngressRule {
        let file = try source.readAnnotations()
        let selection = RuleSelection.choose(
            for: app, in: AnnotationsReader.rules(of: file, path: source.annotationsPath), named: serve.rule)
        guard case .found(let rule) = selection else {
            source.complain(about: file)
            throw CommandFailure(selection.failureMessage(for: serve.rule ?? app.name) ?? "cannot find a rule")
        }
        return rule.reachable(at: publicHost)
    }

    /// `--dry-run`: the plan for the rule that there is now, on stdout.
    private func printPlan(_ launcher: AppLauncher, _ serving: Serving) throws {
        let rule =
            try serving.foreground.fixedRule
            ?? rule(for: launcher.app.identity, publicHost: serving.foreground.publicHost)
        let plan: LaunchPlan
        do throws(LaunchFailure) {
            plan = try launcher.plan(for: rule)
        } catch {
            let message = "cannot start \(launcher.app.identity.name): \(error.reason)"
            throw CommandFailure(message, code: error.exitCode ?? CommandFailure.Code.other)
        }
        try Console.raw(Array(plan.description.utf8))
    }
}
