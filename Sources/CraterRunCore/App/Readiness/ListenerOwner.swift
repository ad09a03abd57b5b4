/// Whose listeners are at an app's port.
package enum ListenerOwner: Equatable, Sendable {
    /// The app's; `loopbackOnly` if none of its listeners can be reached from outside.
    case app(loopbackOnly: Bool)
    /// Proved to be another's.
    case another(holder: String?)
    /// Nobody can tell from here.
    case unknown

    /// - Parameters:
    ///   - listeners: those at the port.
    ///   - owned: the socket inodes that the app's processes hold.
    ///   - isComplete: whether the descriptors of all of the app's processes could be read.
    ///   - holder: who holds one of the other inodes, for a person, if that can be known.
    package static func decide(
        _ listeners: [Listener],
        owned: Set<UInt64>,
        isComplete: Bool,
        holder: (Set<UInt64>) -> String?
    ) -> ListenerOwner {
        let own = listeners.filter { owned.contains($0.inode) }
        if !own.isEmpty { return .app(loopbackOnly: own.allSatisfy(\.isLoopback)) }
        // Without a table (gVisor, a /proc that is closed) or a look at all of its processes, nothing is proved; but whoever
        // listens on loopback alone is out of reach.
        guard isComplete, !listeners.isEmpty else {
            return !listeners.isEmpty && listeners.allSatisfy(\.isLoopback) ? .app(loopbackOnly: true) : .unknown
        }
        return .another(holder: holder(Set(listeners.map(\.inode))))
    }
}
