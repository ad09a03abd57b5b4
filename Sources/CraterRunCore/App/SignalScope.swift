/// Which processes of an app a signal goes to.
package enum SignalScope: Equatable, Sendable {
    /// Only the app's first process.
    case leader
    /// The first process's group.
    case group
    /// All processes that belong to the app.
    case tree
}
