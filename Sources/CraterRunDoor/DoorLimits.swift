/// The limits of a door. No limit holds for the whole time of a request, a response or a tunnel, and none at all for a
/// tunnel in which nothing passes: websockets may be silent for days.
enum DoorLimits {
    // Seconds, as coarse as the door's ticks.

    /// From the first byte of a request's head to its end.
    static let head = 30
    /// Between two requests of a client. An ingress in front keeps its connections for 60 s, and should be the one that
    /// closes.
    static let idle = 90
    /// The same while further clients may wait.
    static let idleIfFull = 3
    /// Until an app accepts a connection.
    static let connecting = 10
    /// After the last byte of a response, for a client that has shut its output.
    static let halfClosed = 60
    /// Since the last byte in either direction, for a client that has to send more of a request's body. The time in which
    /// the app takes nothing of the body does not count, nor does the time in which the client waits for a 100.
    static let upload = 300
    /// For a client that takes nothing of a response. A paused download is common, costs one connection and the bytes
    /// that wait for it (about 128 KB), and TCP keeps the client from sending anything: so the limit is far longer than
    /// the one for an upload, and only ends what was forgotten.
    static let download = 3600
    /// Since the last byte that a client has sent after the last answer (nginx: lingering_timeout).
    static let lingeringPause = 5
    /// For everything that a client sends after the last answer (nginx: lingering_time).
    static let lingering = 30
    /// For a client that takes the rest of the last answer.
    static let closing = 600
    /// For an app that takes the rest of a tunnel whose client is gone.
    static let upstreamClosing = 30
    /// For a connection to an app without a request.
    static let keptIdle = 30

    // Counts and bytes.

    /// The most connections to one app that wait for a request.
    static let kept = 64
    /// The most connections of clients. Each may need a second descriptor, for its app.
    static let clients = 8192
    /// The most memory in bytes that all requests together hold before they are with an app: heads and logins that are not
    /// complete, and requests whose answer about a key waits. Where there is more, those that wait longest are refused.
    static let waitingRequests = 8 << 20
    /// The descriptors that are no connections.
    static let otherDescriptors = 64
    /// The size of a socket's receive buffer. When the other end closes, NIO reads everything that the buffer holds at
    /// once.
    static let receiveBuffer = 262_144
    /// How many bytes are read at first, at most. Each connection keeps a buffer of this size. An app's response begins
    /// after one request, and a short one is read at once.
    static let firstOfClient = 256
    static let firstOfApp = 2048
}
