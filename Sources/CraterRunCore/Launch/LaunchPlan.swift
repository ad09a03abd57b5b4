/// Everything needed to start an app. Pure data: what `--dry-run` shows is what is done.
package struct LaunchPlan: Equatable, Sendable {
    package let app: String
    package let rule: IngressRule
    /// The words of the command; the first is the file to execute, by its full path.
    package let arguments: [String]
    package let environment: EnvironmentEdits
    /// What has to be there first.
    package let preparations: [Preparation]
    /// The path that answers when the app is ready.
    package let readinessPath: String
    package let stopSignal: Signal
    /// What the user should know about it, a line each.
    package let notes: [String]
    package let lack: AppLack?

    /// All that the user should know, before it is started.
    package var warnings: [String] { (lack.map { ["\($0.message). \($0.remedy)"] } ?? []) + notes }

    /// Where crater-run itself asks whether the app is ready.
    package var readinessURL: String { "http://127.0.0.1:\(rule.port)\(readinessPath)" }

    /// The plan for a person, as `--dry-run` prints it: one line for each thing, the command as a shell would take it.
    package var page: Page {
        var lines = [
            "command:      \(ShellQuoting.quote(arguments))"
        ]
        lines += environment.assignments.map { "environment:  \($0.name)=\(ShellQuoting.quote($0.value))" }
        lines += environment.removals.map { "environment:  unset \($0)" }
        lines += preparations.map { "beforehand:   \($0)" }
        lines += [
            "rule:         \(rule.name), \(rule.address)",
            "readiness:    \(readinessURL)",
            "stop signal:  \(stopSignal)",
            "access URL:   \(AccessURL(of: rule))",
        ]
        return Page(lines + warnings.map { "note:         \($0)" })
    }
}
