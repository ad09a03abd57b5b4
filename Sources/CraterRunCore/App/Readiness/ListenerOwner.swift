/// The owner of the listeners at an app's port.
package enum ListenerOwner: Equatable, Sendable {
    /// The app. `loopbackOnly`: none of its listeners can be reached from outside.
    case app(loopbackOnly: Bool)
    /// Another process, which is proved. `holder` names the process if it is known.
    case another(holder: String?)
    /// The owner cannot be seen.
    case unknown

    /// - Parameters:
    ///   - listeners: the listeners at the port.
    ///   - owned: the socket inodes that the app's processes hold.
    ///   - isComplete: whether the descriptors of all of the app's processes could be read.
    ///   - holder: names the process that holds one of these inodes, for people; nil if it is not known.
    package static func decide(
        _ listeners: [Listener],
        owned: Set<UInt64>,
        isComplete: Bool,
        holder: (Set<UInt64>) -> String?
    ) -> ListenerOwner {
        let own = listeners.filter { owned.contains($0.inode) }
        if !own.isEmpty { return .app(loopbackOnly: own.allSatisfy(\.isLoopback)) }
        // Nothing is proved without a table of listeners (gVisor, a closed /proc), or if a process of the app could not
        // be read. But listeners that are all on the loopback address are out of reach, whoever owns them.
        guard isComplete, !listeners.isEmpty else {
            return !listeners.isEmpty && listeners.allSatisfy(\.isLoopback) ? .app(loopbackOnly: true) : .unknown
        }
        return .another(holder: holder(Set(listeners.map(\.inode))))
    }
}
