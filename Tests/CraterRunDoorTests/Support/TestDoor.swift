import CraterRunCore
import CraterRunDoor
import CraterRunLinux
import Glibc

/// A door on a thread of this process, with the supervisor's end of its link.
final class TestDoor: Sendable {
    static let prefix = "/ingress/x-379e0/"

    /// Where the door accepts.
    let port: UInt16
    let link: TestLink
    let loop: DoorLoop

    /// - Parameter app: listens behind the door; nil for an app that does not run.
    init(_ app: ScriptedApp?, strips: Bool = false, login: DoorLogin? = nil, descriptors: Int = 1024) throws {
        let listener = try Loopback.listen()
        port = listener.port
        (link, loop) = try TestLink.start(descriptors: descriptors)
        try route(app, strips: strips, login: login)
        try link.send(.listen(ports: [port]), descriptors: [listener.descriptor])
        close(listener.descriptor)
    }

    deinit { link.close() }

    /// Sets the routes, and waits until the door serves them.
    func route(
        _ app: ScriptedApp?, strips: Bool = false, login: DoorLogin? = nil, state: AppState? = nil,
        polls: PollTable = .none, generation: UInt64 = 1
    ) throws {
        let state = DoorAppState(state ?? (app == nil ? .stopped : .ready), since: WallTime(milliseconds: 0))
        let route = DoorRoute(
            app: "tensorboard", port: port, prefix: try PathPrefix(TestDoor.prefix),
            backend: app.map { .port($0.port) },
            strips: strips, login: login, state: state, polls: polls)
        try link.send(.routes(DoorRoutes(generation: generation, routes: [route])))
        _ = try link.reply { $0 == .serving(generation) }
    }

    /// - Parameter receiveBuffer: see ``Peer/init(port:receiveBuffer:)``.
    func connect(receiveBuffer: Int32? = nil) throws -> Peer { try Peer(port: port, receiveBuffer: receiveBuffer) }

    /// Sends a request with its own answer on a connection of its own, so that the door has seen what was sent on other
    /// connections before.
    func roundTrip() throws {
        let other = try connect()
        try other.send("GET /other HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        _ = try other.rest()
    }

    /// A request as a client sends it.
    static func request(_ path: String = "", _ fields: [String] = [], method: String = "GET", version: String = "1.1")
        -> String
    {
        ("\(method) \(prefix)\(path) HTTP/\(version)\r\nHost: crater.example\r\n" + fields.map { $0 + "\r\n" }.joined())
            + "\r\n"
    }

    static func upgrade(_ fields: [String] = []) -> String {
        request("ws", ["Connection: Upgrade", "Upgrade: websocket"] + fields)
    }
}
