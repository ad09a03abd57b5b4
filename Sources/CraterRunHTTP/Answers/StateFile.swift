internal import CraterRunCore
internal import FoundationEssentials

/// The content of the state file beside the control socket, which says whose socket it is.
package struct StateFile: Codable, Equatable, Sendable {
    package let instance: String
    package let pid: Int32
    /// `up` or `foreground`.
    package let kind: String
    /// The TCP port at which probes are answered; nil if there is none.
    package let port: UInt16?
}
