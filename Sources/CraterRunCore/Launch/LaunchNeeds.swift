/// What an app's launch needs beyond its command.
package struct LaunchNeeds: Equatable, Sendable {
    package var environment: EnvironmentEdits
    package var preparations: [Preparation]
    /// What the user should know about the launch, one line each.
    package var notes: [String]
    /// What the app lacks to be of any use.
    package var lack: AppLack?

    package init(
        environment: EnvironmentEdits = EnvironmentEdits(), preparations: [Preparation] = [], notes: [String] = []
    ) {
        self.environment = environment
        self.preparations = preparations
        self.notes = notes
    }
}
