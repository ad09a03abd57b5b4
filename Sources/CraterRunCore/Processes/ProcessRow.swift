/// A process as /proc/<pid>/stat shows it (proc(5)).
package struct ProcessRow: Equatable, Sendable {
    package let identity: ProcessIdentity
    package let parent: Int32
    package let group: Int32
    package let session: Int32
    /// Whether the process has ended and waits for its parent to reap it. Such a zombie gets no signals. If only the
    /// first thread of a process has ended, the file shows the same state, but the process is no zombie.
    package let isZombie: Bool
    /// The program's name, at most 15 bytes.
    package let name: String

    package init(identity: ProcessIdentity, parent: Int32, group: Int32, session: Int32, isZombie: Bool, name: String) {
        self.identity = identity
        self.parent = parent
        self.group = group
        self.session = session
        self.isZombie = isZombie
        self.name = name
    }

    /// Parses the content of /proc/<pid>/stat. The name is in parentheses and may contain spaces and parentheses
    /// itself, so the last closing parenthesis counts.
    package init?(stat: [UInt8]) {
        guard let open = stat.firstIndex(of: UInt8(ascii: "(")), let close = stat.lastIndex(of: UInt8(ascii: ")")),
            open < close,
            let pid = Int32(String(decoding: stat[..<open], as: UTF8.self).filter { $0 != " " })
        else { return nil }
        // The fields from field 3 (the state) on.
        let fields = stat[(close + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count > 19, let parent = Int32(fields[1]), let group = Int32(fields[2]),
            let session = Int32(fields[3]),
            let start = UInt64(fields[19])
        else { return nil }
        self.init(
            identity: ProcessIdentity(pid: pid, startTime: start),
            parent: parent,
            group: group,
            session: session,
            isZombie: ["Z", "X"].contains(fields[0]) && (Int(fields[17]) ?? 1) <= 1,
            name: String(decoding: stat[(open + 1)..<close], as: UTF8.self)
        )
    }
}
