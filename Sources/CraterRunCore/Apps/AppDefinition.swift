/// An app to serve, and its settings: what a command line such as `tensorboard --logdir ./logs` says.
package struct AppDefinition: Sendable {
    package let app: any WebApp
    /// `--executable`: the program to start instead of the one that a search finds.
    package var executable: String?
    /// The rule that the user asks for: by `--rule`, or by `--port` without `--prefix`. No other rule is used.
    package var wish = RuleWish()
    /// The prefix of `--prefix` with the port of `--port` or the app's usual port. If set, no rule of the annotations
    /// is used.
    package var fixedRule: IngressRule?
    package var policy: AppPolicy
    /// Where the key of the front door's login comes from; nil without a login.
    package var login: LoginSource?
    /// Whether the app's name stands before each line of its output.
    package var prefixesOutput: Bool
    /// The directory and the environment that the app starts in; nil for crater-run's own.
    package var surroundings: LaunchSurroundings?

    package init(app: any WebApp, policy: AppPolicy, executable: String? = nil, prefixesOutput: Bool = true) {
        self.app = app
        self.policy = policy
        self.executable = executable
        self.prefixesOutput = prefixesOutput
    }

    /// The app's name. A second app of the same kind has another name.
    package var name: String { policy.name }
}

extension AppDefinition {
    /// The same app below the home page: behind the front door, which asks for the page's key.
    package var belowHome: AppDefinition {
        var definition = self
        definition.policy.door = DoorUse(
            strips: policy.door?.strips ?? !app.knowsPrefix, hasLogin: true, writesPrefix: app.writesOutsidePrefix)
        definition.policy.withoutLogin = nil
        // The supervisor has the key.
        definition.login = nil
        return definition
    }
}

extension AppDefinition: Equatable {
    package static func == (left: AppDefinition, right: AppDefinition) -> Bool {
        func equal<App: WebApp>(_ app: App, _ other: any WebApp) -> Bool { app == other as? App }
        return equal(left.app, right.app) && left.executable == right.executable && left.wish == right.wish
            && left.fixedRule == right.fixedRule && left.policy == right.policy && left.login == right.login
            && left.prefixesOutput == right.prefixesOutput && left.surroundings == right.surroundings
    }
}
