/// Which process group is in the foreground of the terminal that controls us.
package enum TerminalOwner: Equatable, Sendable {
    /// There is no terminal.
    case nobody
    case job
    case ourselves
    /// We are in the background.
    case others
}
