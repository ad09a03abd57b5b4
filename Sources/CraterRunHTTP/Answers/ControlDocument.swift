internal import CraterRunCore
internal import FoundationEssentials

/// The answer to a command.
package struct ControlDocument: Codable, Sendable {
    package let app: String?
    package let message: String
}
