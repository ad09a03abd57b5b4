internal import CraterRunCore
internal import FoundationEssentials

/// What lies beside the control socket.
package struct StateFile: Codable, Equatable, Sendable {
    package let instance: String
    package let pid: Int32
    /// `up` or `foreground`.
    package let kind: String
    /// The TCP port that probes are answered at; nil if none is.
    package let port: UInt16?
}
