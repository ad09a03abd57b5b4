import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOPosix

/// All that the connections of a door share. Everything happens on one event loop.
final class DoorServer {
    let loop: any EventLoop
    let buffers = SharedBuffers()
    let connections = ConnectionTable()
    let upstreams: UpstreamPool
    let uses = AppUses()
    var throttle = LoginThrottle()
    /// Room for a head that goes out.
    var scratch: [UInt8] = []
    /// Seconds since the start, counted by ``sweep()``. No connection has a timer of its own.
    private(set) var tick = 0
    private(set) var routes = DoorRoutes.none
    /// The memory in bytes that all requests hold which are not with an app yet.
    private var waiting = 0
    private var listeners: [UInt16: Listener] = [:]
    private let capacity: Int
    /// Takes what the supervisor is to be told, and says whether the supervisor will get it.
    private let send: (DoorReply) -> Bool

    /// - Parameters:
    ///   - descriptors: how many descriptors the process may have open.
    ///   - tell: called on the event loop; returns whether the supervisor will get the reply.
    init(loop: any EventLoop, descriptors: Int, tell: @escaping (DoorReply) -> Bool) {
        self.loop = loop
        send = tell
        capacity = min(max((descriptors - DoorLimits.otherDescriptors) / 2, 1), DoorLimits.clients)
        upstreams = UpstreamPool(loop: loop, capacity: capacity)
    }

    /// Whether no further connection is accepted now.
    var isFull: Bool { connections.all.count >= capacity }

    /// Forgets a connection that has ended, and accepts the next one if that had to wait.
    func left(_ connection: ClientConnection) {
        let wasFull = isFull
        connections.remove(connection)
        if wasFull { resumeListeners() }
    }

    private func resumeListeners() {
        for listener in listeners.values { listener.resume() }
    }

    /// Notes that the requests that are not with an app yet hold so many bytes more or fewer. If they hold too many, those
    /// that have waited longest are refused, and others get room for a while.
    func waitingChanged(by count: Int) {
        waiting += count
        guard count > 0, waiting > DoorLimits.waitingRequests else { return }
        let holders = connections.all.filter { $0.held > 0 }.sorted { ($0.since, $1.held) < ($1.since, $0.held) }
        for holder in holders where waiting > DoorLimits.waitingRequests / 4 * 3 { holder.refuseWaiting() }
    }

    // MARK: What the supervisor says

    func update(_ routes: DoorRoutes) {
        self.routes = routes
        upstreams.keepOnly(Set(routes.routes.compactMap(\.target)))
        tell(.serving(routes.generation))
    }

    /// Accepts at a listening socket from now on. The socket belongs to the door from then on.
    func listen(at descriptor: Int32, port: UInt16) {
        listeners.removeValue(forKey: port)?.close()
        listeners[port] = Listener(descriptor: descriptor, port: port, server: self)
    }

    /// Accepts no longer at this port. Connections that exist stay.
    func close(port: UInt16) { listeners.removeValue(forKey: port)?.close() }

    func report(_ trouble: String) { tell(.trouble(trouble)) }

    /// Passes on what a user wants of an app.
    ///
    /// - Returns: whether the supervisor will get the command.
    func command(_ app: String, _ verb: HomeVerb) -> Bool { send(.command(app: app, verb)) }

    /// Tells at once that a person wants an app that sleeps.
    func visit(_ app: String, _ use: RequestUse) {
        guard uses[app].note(use, at: tick), let activity = uses[app].report(now: WallClock.now(), second: tick)
        else { return }
        tell(.activity([activity]))
    }

    func pong(_ number: UInt64) { tell(.pong(number)) }

    /// Tells what may be lost.
    private func tell(_ reply: DoorReply) { _ = send(reply) }

    // MARK: Time

    /// Called once a second.
    func sweep() {
        tick += 1
        // A connection that ends takes itself out of the table.
        for connection in connections.all { connection.sweep() }
        upstreams.sweep(at: tick)
        resumeListeners()
        let activity = uses.report(now: WallClock.now(), second: tick)
        if !activity.isEmpty { tell(.activity(activity)) }
    }
}
