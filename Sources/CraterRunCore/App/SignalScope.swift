/// Which processes of an app a signal goes to.
package enum SignalScope: Equatable, Sendable {
    /// The process that was spawned, alone.
    case leader
    /// Its process group.
    case group
    /// Everything that belongs to the app.
    case tree
}
