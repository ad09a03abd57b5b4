import CraterRunCore

/// Reads how an app is served from its settings.
extension Settings {
    /// The app's definition, without its executable.
    ///
    /// - Parameter up: the settings of `up` for the front door, where the app's own say nothing.
    mutating func definition(
        of app: any WebApp, in mode: ServeMode, publicHost: PublicHost?, under up: DoorSettings?
    ) -> AppDefinition {
        var definition = AppDefinition(
            app: app, policy: policy(of: app, in: mode), prefixesOutput: read(.logPrefix) ?? true)
        let port = read(.port)
        if let prefix = given[.prefix] {
            definition.fixedRule = fixedRule(for: app, at: port, under: prefix, publicHost: publicHost)
        } else {
            definition.wish = RuleWish(name: read(.rule), port: port)
        }
        let own = DoorSettings(&self)
        (up.map { own.over($0, given: given) } ?? own).apply(to: &definition)
        return definition
    }

    private mutating func policy(of app: any WebApp, in mode: ServeMode) -> AppPolicy {
        let restart = read(.restart)
        let most = read(.maxRestarts)
        let stopTimeout = read(.stopTimeout)
        let interval = read(.checkInterval)
        let onRuleChange = read(.onRuleChange)
        let unresponsive = read(.restartUnresponsive)
        var policy = AppPolicy(
            name: app.identity.name,
            readiness: interval.map { app.readiness.every($0) } ?? app.readiness,
            stopSignal: app.stopSignal,
            restart: restart ?? (mode.isByHand ? .onFailure : .always),
            maxRestarts: most.map(\.number) ?? (mode.isByHand ? 5 : nil),
            stopTimeout: stopTimeout ?? .seconds(10),
            shutdownTimeout: stopTimeout ?? .seconds(5),
            onRuleChange: onRuleChange ?? .relaunch,
            restartUnresponsive: unresponsive?.time,
            writesRuntimeFiles: app.runtimeDirectory != nil,
            remindsOfStop: app.missesStopSignals,
            page: app.page,
            withoutLogin: app.withoutLogin(variables),
            code: AppCode(of: app)
        )
        policy.polls = app.polls
        policy.canBeBusy = app.activityQuestion != nil
        return policy
    }

    /// The supervisor's options for serving the app in the foreground.
    mutating func foreground(of definition: AppDefinition, in mode: ServeMode) -> SupervisorOptions {
        let wait = read(.wait)
        let limit: Duration? = wait.map(\.limit) ?? (mode.isByHand ? .seconds(120) : nil)
        let failsAtOnce = limit == .zero || (wait == nil && mode.isByHand)
        var options = SupervisorOptions(foreground: .init(wait: limit, failsAtOnce: failsAtOnce), app: definition)
        options.isProcessOne = mode == .processOne
        return options
    }

    /// A rule with the prefix of `--prefix`, and with the port of `--port` or else the app's usual port; nil if these
    /// values cannot be used.
    private mutating func fixedRule(
        for app: any WebApp, at port: UInt16?, under prefix: String, publicHost: PublicHost?
    ) -> IngressRule? {
        if given[.rule] != nil { note("cannot use --rule with --prefix, which stands for a rule") }
        guard let number = port ?? app.identity.defaultPort else {
            if given[.port] == nil {
                note("cannot use --prefix alone: \(app.identity.name) has no usual port, so --port is needed")
            }
            return nil
        }
        do throws(PathPrefix.ValidationError) {
            return IngressRule(
                name: app.identity.name,
                port: number,
                prefix: try PathPrefix(prefix),
                publicHost: publicHost?.description
            )
        } catch {
            note("cannot use --prefix \(prefix): \(error.reason)")
            return nil
        }
    }
}
