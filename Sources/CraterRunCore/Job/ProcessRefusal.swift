/// The host grants us no further process.
package enum ProcessRefusal: Equatable, Sendable {
    /// It may grant one soon: a limit, or memory that is scarce.
    case forNow
    /// It forbids us one of the calls that it takes.
    case forGood
}
