/// An app to be served, and how: what a command line such as `tensorboard --logdir ./logs` says.
package struct AppDefinition: Sendable {
    package let app: any WebApp
    /// `--executable`: the program to start instead of the one that is found.
    package var executable: String?
    /// `--rule`: the one rule to serve by.
    package var ruleName: String?
    /// `--prefix` and `--port`: instead of any rule.
    package var fixedRule: IngressRule?
    package var policy: AppPolicy
    /// Whether its name stands before each line of its output.
    package var prefixesOutput: Bool

    package init(app: any WebApp, policy: AppPolicy, executable: String? = nil, prefixesOutput: Bool = true) {
        self.app = app
        self.policy = policy
        self.executable = executable
        self.prefixesOutput = prefixesOutput
    }

    /// The app's name; a second app of its kind gets another.
    package var name: String { policy.name }
}
