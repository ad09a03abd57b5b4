/// The directory and the environment of the user who asked for an app: those of a terminal, if crater-run itself was
/// started elsewhere.
package struct LaunchSurroundings: Equatable, Sendable {
    /// The directory's full path.
    package let directory: String
    /// Entries `NAME=value`, as bytes.
    package let environment: [[UInt8]]

    package init(directory: String, environment: [[UInt8]]) {
        self.directory = directory
        self.environment = environment
    }
}
