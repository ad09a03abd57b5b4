/// The directory and the environment of somebody who asked for an app to be started: a terminal's, where crater-run itself was
/// started elsewhere.
package struct LaunchSurroundings: Equatable, Sendable {
    /// Its full path.
    package let directory: String
    /// Entries `NAME=value`, as bytes.
    package let environment: [[UInt8]]

    package init(directory: String, environment: [[UInt8]]) {
        self.directory = directory
        self.environment = environment
    }
}
