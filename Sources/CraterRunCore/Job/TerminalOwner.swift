/// Which process group is in the foreground of our controlling terminal.
package enum TerminalOwner: Equatable, Sendable {
    /// There is no terminal.
    case nobody
    case job
    case ourselves
    /// Another process group; ours is in the background.
    case others
}
