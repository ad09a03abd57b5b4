/// Whether somebody listens at a port.
package enum PortFinding: Equatable, Sendable {
    case free
    /// `holder` names who listens, if that can be known.
    case taken(holder: String?)
}
