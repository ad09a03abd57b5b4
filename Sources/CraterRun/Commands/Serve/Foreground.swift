import CraterRunCore
import CraterRunLinux

/// Serves one app in the foreground.
struct Foreground {
    let request: AppRequest
    let inherited: InheritedSignals

    /// Serves the app until it ends.
    ///
    /// - Returns: the exit code.
    /// - Throws: ``CommandFailure`` if settings are wrong, or if the host refuses what crater-run needs.
    func run() throws -> Int32 {
        var settings = Settings(request.given)
        let mode: ServeMode = ThisProcess.isProcessOne ? .processOne : .byHand
        let publicHost = settings.read(.publicHost)
        let source = PodSource(&settings)
        let definition = request.definition(in: mode, publicHost: publicHost, settings: &settings)
        var options = settings.foreground(of: definition, in: mode)
        options.publicHost = publicHost
        options.clock = .now
        let logStyle = settings.logStyle()
        let health = HealthSettings(in: mode, settings: &settings)
        try settings.check()
        let given = request.given
        let nonce = ThisProcess.nonce()
        if given.has(Setting.dryRun.declaration) {
            // Nothing is supervised, so Ctrl-C may simply end the process.
            inherited.restore()
            try printPlan(
                definition, nonce: nonce, source: source, publicHost: publicHost,
                namesPlaces: logStyle.level == .debug)
            return 0
        }
        if given.has(Setting.detach.declaration) {
            inherited.restore()
            return try HandOverRequest.send()
        }
        if mode == .byHand {
            let others = OtherSupervisors(
                definition: definition, source: source, publicHost: publicHost, inherited: inherited)
            if try others.serve(replacing: given.has(Setting.replace.declaration)) { return 0 }
        }
        ThisProcess.takeUsualName()
        do throws(SystemCallError) {
            let storage = RunStorage(nonce: nonce)
            let server = try SupervisorServer(health, in: mode, nonce: nonce, storage: storage)
            defer { server.end() }
            let role = try SupervisorRole(
                on: Reactor(inherited: inherited),
                supervisor: Supervisor(options: options, seed: nonce),
                rules: definition.fixedRule == nil ? .annotations(path: source.path) : .fixed,
                nonce: nonce,
                storage: storage,
                exchange: server.exchange,
                notes: server.notes,
                logStyle: logStyle
            )
            return role.run()
        } catch {
            throw CommandFailure("cannot begin to supervise: \(error)", code: CommandFailure.Code.other)
        }
    }

    /// The app's ingress rule in the annotations file as it is now.
    private func rule(
        for definition: AppDefinition, source: PodSource, publicHost: PublicHost?
    ) throws(CommandFailure) -> IngressRule {
        let file = try source.readAnnotations()
        let app = definition.app.identity
        let rules = source.rules(of: file)
        let wish = definition.wish
        let selection = RuleSelection.choose(for: app, in: rules, wish: wish)
        guard case .found(let rule) = selection else {
            source.complain(about: file)
            throw CommandFailure(
                selection.failureMessage(for: app, wish: wish, in: rules) ?? "cannot find the rule of \(app.name)")
        }
        return rule.reachable(at: publicHost)
    }

    /// `--dry-run`: prints the launch plan for the current rule.
    private func printPlan(
        _ definition: AppDefinition, nonce: UInt64, source: PodSource, publicHost: PublicHost?, namesPlaces: Bool
    ) throws {
        let app = definition.app
        let rule = try definition.fixedRule ?? rule(for: definition, source: source, publicHost: publicHost)
        let plan: LaunchPlan
        do throws(LaunchFailure) {
            let launcher = AppLauncher(
                app: app, executable: definition.executable, nonce: nonce, door: definition.policy.door)
            plan = try launcher.plan(for: rule)
        } catch {
            let message = "cannot start \(app.identity.name): \(error.reason)"
            let places = namesPlaces ? error.places.map { "    \($0)" } : []
            throw CommandFailure(message, below: places, code: error.exitCode ?? CommandFailure.Code.other)
        }
        try Console.page(plan.page)
    }
}
