package import CraterRunCore
package import FoundationEssentials

/// The answer to a command.
package struct ControlDocument: Codable, Sendable {
    package let app: String?
    package let message: String
}

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

    /// Why it is no app that can be served.
    package struct Failure: Error, Sendable {
        package let message: String

        package init(_ message: String) {
            self.message = message
        }
    }
}

/// What lies beside the control socket.
package struct StateFile: Codable, Equatable, Sendable {
    package let instance: String
    package let pid: Int32
    /// `up` or `foreground`.
    package let kind: String
    /// The TCP port that probes are answered at; nil if none is.
    package let port: UInt16?
}

extension JSONText {
    /// JSON for programs: keys sorted, on several lines, slashes as they are, nothing in it that cannot be printed.
    package static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        // Only a number that is not finite cannot be encoded, and nothing here has one.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return printable(String(decoding: data, as: UTF8.self))
    }
}
