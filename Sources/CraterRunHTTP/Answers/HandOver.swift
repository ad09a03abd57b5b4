package import CraterRunCore
package import FoundationEssentials

/// An app that a terminal hands to a running supervisor: its command line, and the surroundings that it would have had.
package struct HandOver: Codable, Sendable {
    /// The most that is taken of one, in bytes.
    static let sizeLimit = 4 << 20

    /// What one would type after `crater-run`.
    package let words: [String]
    package let directory: String
    /// Entries `NAME=value`, each with a NUL behind it.
    package let environment: Data

    package init(words: [String], surroundings: LaunchSurroundings) {
        self.words = words
        directory = surroundings.directory
        environment = Data(surroundings.environment.flatMap { $0 + [0] })
    }

    package var surroundings: LaunchSurroundings {
        LaunchSurroundings(directory: directory, environment: environment.split(separator: 0).map { Array($0) })
    }
}
