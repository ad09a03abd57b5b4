/// The host does not grant crater-run another process.
package enum ProcessRefusal: Equatable, Sendable {
    /// The host may grant one soon: a limit is reached, or memory is scarce.
    case forNow
    /// The host forbids one of the system calls that a start takes.
    case forGood
}
