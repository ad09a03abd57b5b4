/// Everything needed to start an app. Pure data: `--dry-run` shows exactly what a start does.
package struct LaunchPlan: Equatable, Sendable {
    package let app: String
    package let place: ServingPlace
    /// The words of the command; the first is the file to execute, by its full path.
    package let arguments: [String]
    package let environment: EnvironmentEdits
    /// What must exist before the app starts.
    package let preparations: [Preparation]
    /// The path that answers when the app is ready.
    package let readinessPath: String
    /// The page to open below the prefix; empty for the prefix itself.
    package let webPage: String
    package let stopSignal: Signal
    /// What the user should know about the launch, one line each.
    package let notes: [String]
    package let lack: AppLack?

    /// Everything that the user should know before the app starts.
    package var warnings: [String] { (lack.map { ["\($0.message). \($0.remedy)"] } ?? []) + notes }

    /// The URL at which crater-run itself asks whether the app is ready.
    package var readinessURL: String {
        place.backend.socket == nil
            ? "http://127.0.0.1:\(place.backend.port)\(readinessPath)" : "http://localhost\(readinessPath)"
    }

    /// The plan for a person, as `--dry-run` prints it: one line for each thing, and the command quoted for a shell.
    package var page: Page {
        var lines = [
            "command:      \(ShellQuoting.quote(arguments))"
        ]
        lines += environment.assignments.map { "environment:  \($0.name)=\(ShellQuoting.quote($0.value))" }
        lines += environment.removals.map { "environment:  unset \($0)" }
        lines += preparations.map { "beforehand:   \($0)" }
        lines.append("rule:         \(place.outside.name), \(place.outside.address)")
        if place.backend.isBehindDoor {
            lines.append("front door:   from there to \(place.backend)")
        }
        lines += [
            "readiness:    \(readinessURL)\(place.backend.socket == nil ? "" : " at the socket")",
            "stop signal:  \(stopSignal)",
            "access URL:   \(AccessURL(of: place.outside, page: webPage))",
        ]
        return Page(lines + warnings.map { "note:         \($0)" })
    }
}
