/// What a door tells its supervisor.
package enum DoorReply: Equatable, Sendable {
    /// The door serves the routes with this generation.
    case serving(UInt64)
    /// What has changed in the use of the apps since the last such reply.
    case activity([DoorActivity])
    case pong(UInt64)
    /// Something that belongs into the supervisor's log: one line, without keys, cookies and queries.
    case trouble(String)
}

/// How an app is used through a door.
package struct DoorActivity: Equatable, Sendable {
    package let app: String
    /// How many requests the door has forwarded, since the door was started.
    package let requests: UInt64
    /// How many requests are under way, without the tunnels.
    package let open: UInt32
    /// How many connections have become tunnels, such as websockets, and are open.
    package let tunnels: UInt32
    /// When a client last sent anything to the app; nil if none has.
    package let lastUse: WallTime?

    package init(app: String, requests: UInt64, open: UInt32, tunnels: UInt32, lastUse: WallTime?) {
        self.app = app
        self.requests = requests
        self.open = open
        self.tunnels = tunnels
        self.lastUse = lastUse
    }
}
