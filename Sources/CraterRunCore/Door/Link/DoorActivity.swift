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

    func write(to writer: inout LinkWriter) {
        writer.write(app)
        writer.write(requests)
        writer.write(open)
        writer.write(tunnels)
        writer.write(optional: lastUse) { $0.write($1) }
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        app = try reader.text()
        requests = try reader.number()
        open = try reader.number()
        tunnels = try reader.number()
        lastUse = try reader.optional { reader throws(LinkFailure) in try reader.time() }
    }
}
