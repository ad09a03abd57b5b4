/// How an app is used through a door.
package struct DoorActivity: Equatable, Sendable {
    package let app: String
    /// How many requests the door has forwarded, since the door was started.
    package let requests: UInt64
    /// How many requests are under way, without the tunnels.
    package let open: UInt32
    /// How many connections have become tunnels, such as websockets, and are open.
    package let tunnels: UInt32
    /// How many bytes the door has passed to the app: the bodies of requests, and everything in tunnels.
    package let received: UInt64
    /// The same in the other direction.
    package let sent: UInt64
    /// When a person last used the app, or tried to; nil if nobody has. The open page of an app is nobody.
    package let lastUse: WallTime?

    package init(
        app: String, requests: UInt64, open: UInt32, tunnels: UInt32, received: UInt64 = 0, sent: UInt64 = 0,
        lastUse: WallTime?
    ) {
        self.app = app
        self.requests = requests
        self.open = open
        self.tunnels = tunnels
        self.received = received
        self.sent = sent
        self.lastUse = lastUse
    }

    func write(to writer: inout LinkWriter) {
        writer.write(app)
        writer.write(requests)
        writer.write(open)
        writer.write(tunnels)
        writer.write(received)
        writer.write(sent)
        writer.write(optional: lastUse) { $0.write($1) }
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        app = try reader.text()
        requests = try reader.number()
        open = try reader.number()
        tunnels = try reader.number()
        received = try reader.number()
        sent = try reader.number()
        lastUse = try reader.optional { reader throws(LinkFailure) in try reader.time() }
    }
}
