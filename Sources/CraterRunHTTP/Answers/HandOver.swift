package import CraterRunCore
package import FoundationEssentials

/// An app that a terminal hands to a running supervisor: the app's command line, and the surroundings that it would
/// have in the terminal.
package struct HandOver: Codable, Sendable {
    /// The most bytes that a hand-over may have.
    static let sizeLimit = 4 << 20

    /// The words that a user would type after `crater-run`.
    package let words: [String]
    package let directory: String
    /// Entries `NAME=value`, each followed by a NUL.
    package let environment: Data

    package init(words: [String], surroundings: LaunchSurroundings) {
        self.words = words
        directory = surroundings.directory
        environment = Data(surroundings.environment.flatMap { $0 + [0] })
    }

    package var surroundings: LaunchSurroundings {
        LaunchSurroundings(directory: directory, environment: environment.split(separator: 0).map { Array($0) })
    }

    /// Why the hand-over is not an app that can be served.
    package struct Failure: Error, Sendable {
        package let message: String

        package init(_ message: String) {
            self.message = message
        }
    }
}
