import CraterRunCore
import CraterRunDoor
import Testing

/// What the door tells of the use of its app: requests and messages of persons, and not what an open page sends.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct UseTests {
    private static let polls = PollTable(timed: ["/poll"], following: ["/data"], sockets: ["/own"])

    /// A request with its answer.
    private func ask(_ path: String, _ door: TestDoor, _ app: ScriptedApp) throws {
        let client = try door.connect()
        try client.send(TestDoor.request(path))
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
        #expect(try client.read(through: "\r\n\r\nhello").hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    private func tunnel(_ path: String, _ door: TestDoor, _ app: ScriptedApp) throws -> (client: Peer, app: Peer) {
        let client = try door.connect()
        try client.send(TestDoor.request(path, ["Connection: Upgrade", "Upgrade: websocket"]))
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 101 "))
        return (client, connection)
    }

    private func door(_ app: ScriptedApp) throws -> TestDoor {
        let door = try TestDoor(app)
        try door.route(app, polls: Self.polls, generation: 2)
        return door
    }

    @Test func aPersonIsToldFromAPage() throws {
        let app = try ScriptedApp()
        let door = try door(app)
        try ask("poll", door, app)
        try ask("data", door, app)
        door.loop.sweep(3)
        let polled = try door.link.activity { $0.open == 0 && $0.requests == 2 }
        #expect(polled.lastUse == nil && polled.sent == 10 && polled.received == 0)
        try ask("page", door, app)
        door.loop.sweep(1)
        #expect(try door.link.activity { $0.open == 0 && $0.requests == 3 }.lastUse != nil)
    }

    @Test func aClickWithoutATimerIsAPersons() throws {
        let app = try ScriptedApp()
        let door = try door(app)
        try ask("data", door, app)
        door.loop.sweep(3)
        #expect(try door.link.activity { $0.lastUse != nil }.requests == 1)
    }

    @Test func messagesAreToldFromPings() throws {
        let app = try ScriptedApp()
        let door = try door(app)
        let (client, connection) = try tunnel("ws", door, app)
        // A ping, a pong and a close without a payload.
        let pings = "\u{09}\u{00}\u{0A}\u{00}\u{08}\u{00}"
        try client.send(pings)
        #expect(try connection.text(6) == pings)
        door.loop.sweep(1)
        #expect(try door.link.activity { $0.received == 6 }.lastUse == nil)
        try client.send("\u{01}\u{02}hi")
        #expect(try connection.text(4) == "\u{01}\u{02}hi")
        try connection.send("\u{01}\u{03}all")
        _ = try client.read(5)
        door.loop.sweep(1)
        let used = try door.link.activity { $0.received == 10 }
        #expect(used.lastUse != nil && used.sent == 5 && used.tunnels == 1)
    }

    @Test func messagesOfThePagesOwnAreNotAPersons() throws {
        let app = try ScriptedApp()
        let door = try door(app)
        let (client, connection) = try tunnel("own", door, app)
        try client.send("\u{01}\u{02}hi")
        #expect(try connection.text(4) == "\u{01}\u{02}hi")
        door.loop.sweep(1)
        #expect(try door.link.activity { $0.received == 4 }.lastUse == nil)
    }

    @Test(arguments: [AppState.asleep, .stopping]) func aVisitIsToldAtOnce(state: AppState) throws {
        let door = try TestDoor(nil)
        try door.route(nil, state: state, polls: Self.polls, generation: 2)
        for path in ["poll", "data", ".crater-run/state", ""] {
            let client = try door.connect()
            try client.send(TestDoor.request(path))
            #expect(try client.head().hasPrefix("HTTP/1.1 \(path == ".crater-run/state" ? 200 : 503) "))
        }
        let told = try door.link.activity { _ in true }
        #expect(told.lastUse != nil && told.requests == 0, "no other use was told before")
    }
}
