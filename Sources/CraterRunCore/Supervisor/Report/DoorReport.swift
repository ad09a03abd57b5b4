/// The state of the front door, as status shows it.
package struct DoorReport: Equatable, Sendable {
    /// The door's process; nil while there is none.
    package let pid: Int32?
    package let startedAt: MonotonicInstant?
    /// How often a door was started.
    package let starts: Int
    /// Whether the door has taken the present routes.
    package let isServing: Bool
    /// Why nothing is served; nil if there is no reason that lasts.
    package internal(set) var problem: String?
    /// The ports at which connections are accepted.
    package let ports: [UInt16]
    /// The ports at which none can be, each with the reason.
    package internal(set) var closed: [UInt16: String]
    /// How the apps are used, by name.
    package let activity: [String: DoorActivity]

    package init(
        pid: Int32?, startedAt: MonotonicInstant?, starts: Int, isServing: Bool, problem: String? = nil,
        ports: [UInt16], closed: [UInt16: String] = [:], activity: [String: DoorActivity] = [:]
    ) {
        self.pid = pid
        self.startedAt = startedAt
        self.starts = starts
        self.isServing = isServing
        self.problem = problem
        self.ports = ports
        self.closed = closed
        self.activity = activity
    }
}
