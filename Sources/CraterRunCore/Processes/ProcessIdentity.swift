/// A process by pid and start time, which cannot be mistaken for a later process with the same pid.
package struct ProcessIdentity: Hashable, Sendable {
    package let pid: Int32
    /// The start time in clock ticks after boot (field 22 of /proc/<pid>/stat).
    package let startTime: UInt64

    package init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }
}
