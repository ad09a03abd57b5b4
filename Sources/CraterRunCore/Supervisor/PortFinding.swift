/// Whether a process listens at a port.
package enum PortFinding: Equatable, Sendable {
    case free
    /// `holder` names the process that listens, if it is known.
    case taken(holder: String?)
}
