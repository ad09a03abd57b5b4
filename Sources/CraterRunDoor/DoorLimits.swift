/// The limits of a door. No limit holds for the whole time of a request, a response or a tunnel.
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
    /// For what a client sends after the last answer.
    static let lingering = 10
    /// For a client that takes the rest of the last answer.
    static let closing = 600
    /// For an app that takes the rest of a tunnel whose client is gone.
    static let upstreamClosing = 30
    /// For a connection to an app without a request.
    static let keptIdle = 30

    /// The most connections to one app that wait for a request.
    static let kept = 64
    /// The most connections of clients. Each may need a second descriptor, for its app.
    static let clients = 8192
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
