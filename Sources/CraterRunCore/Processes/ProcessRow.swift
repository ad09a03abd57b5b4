/// A process as /proc/<pid>/stat shows it (proc(5)).
package struct ProcessRow: Equatable, Sendable {
    package let identity: ProcessIdentity
    package let parent: Int32
    package let group: Int32
    package let session: Int32
    /// The device number of the terminal that the process is in; 0 for none.
    package let terminal: Int32
    /// Whether the process has ended and waits for its parent to reap it. Such a zombie gets no signals. If only the
    /// first thread of a process has ended, the file shows the same state, but the process is no zombie.
    package let isZombie: Bool
    /// The program's name, at most 15 bytes.
    package let name: String

    package init(
        identity: ProcessIdentity, parent: Int32, group: Int32, session: Int32, terminal: Int32 = 0, isZombie: Bool,
        name: String
    ) {
        self.identity = identity
        self.parent = parent
        self.group = group
        self.session = session
        self.terminal = terminal
        self.isZombie = isZombie
        self.name = name
    }

    /// Parses the content of /proc/<pid>/stat.
    package init?(stat: [UInt8]) {
        guard let line = StatLine(stat), let state = line.state,
            let parent = line.number(4, as: Int32.self), let group = line.number(5, as: Int32.self),
            let session = line.number(6, as: Int32.self), let start = line.number(22, as: UInt64.self)
        else { return nil }
        self.init(
            identity: ProcessIdentity(pid: line.pid, startTime: start),
            parent: parent,
            group: group,
            session: session,
            terminal: line.number(7) ?? 0,
            isZombie: ["Z", "X"].contains(state) && (line.number(20, as: Int.self) ?? 1) <= 1,
            name: String(decoding: line.name, as: UTF8.self)
        )
    }
}
