import CraterRunCore
import CraterRunDoor
import Testing

/// The memory that requests hold before they are with an app is bounded for all of them together.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct WaitingRequestsTests {
    /// A head without its last line end, which is one character. It takes 64 KB.
    private static let unfinished = String(
        TestDoor.request("", ["X-Padding: " + String(repeating: "a", count: 60_000)]).dropLast())
    private static let key = "0123456789abcdef0123456789abcdef"
    private static let refusal = "crater-run: too many requests wait here; try again in 10 s\n"

    /// Sends a request with its own answer, so that the door has seen what was sent on other connections before.
    private func roundTrip(_ client: Peer) throws {
        try client.send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try client.read(through: "nothing is served at this path\n")
    }

    @Test func thoseThatWaitLongestAreRefused() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app, login: DoorLogin(key: WaitingRequestsTests.key.utf8))
        let head = try door.connect()
        try head.send(WaitingRequestsTests.unfinished)
        let login = try door.connect()
        let fields = ["Content-Length: 100", "Expect: 100-continue"]
        try login.send(TestDoor.request(".crater-run/login", fields, method: "POST") + "key=")
        #expect(try login.head().hasPrefix("HTTP/1.1 100 "))
        try roundTrip(try door.connect())
        door.loop.sweep(1)
        let flood = try (0..<150).map { _ in
            let client = try door.connect()
            try client.send(WaitingRequestsTests.unfinished)
            return client
        }
        for client in [head, login] {
            #expect(try client.read(through: WaitingRequestsTests.refusal).hasPrefix("HTTP/1.1 503 "))
            client.shutDown()
            #expect(try client.rest() == ("", .closed))
        }
        // Whoever comes with a whole head is served, and so is a younger one that is not whole yet.
        let client = try door.connect()
        let whole = TestDoor.request("data", ["Authorization: Bearer \(WaitingRequestsTests.key)"])
        try client.send(whole)
        #expect(try app.accept().head().contains("/data "))
        door.loop.sweep(1)
        let younger = try door.connect()
        try younger.send(String(whole.dropLast()))
        try roundTrip(try door.connect())
        try younger.send("\r\n")
        #expect(try app.accept().head().contains("/data "))
        for client in flood { client.close() }
    }

    /// The bound is one of a moment: what has gone to the app holds nothing.
    @Test func whatIsWithTheAppDoesNotCount() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let (client, other) = (try door.connect(), try door.connect())
        var connection: Peer?
        for _ in 0..<200 {
            try client.send(WaitingRequestsTests.unfinished)
            try roundTrip(other)
            try client.send("\r\n")
            let kept = try connection ?? app.accept()
            connection = kept
            _ = try kept.head()
            try kept.send("HTTP/1.1 204 No Content\r\n\r\n")
            #expect(try client.head().hasPrefix("HTTP/1.1 204 "))
        }
    }

    @Test func whatIsGoneDoesNotCount() throws {
        let door = try TestDoor(nil)
        let other = try door.connect()
        for _ in 0..<200 {
            let client = try door.connect()
            try client.send(WaitingRequestsTests.unfinished)
            try roundTrip(other)
            client.reset()
        }
        let client = try door.connect()
        try client.send(WaitingRequestsTests.unfinished)
        try roundTrip(other)
        #expect(!client.hasNews)
        try client.send("\r\n")
        #expect(try client.read(through: "60 s\n").contains("tensorboard is stopped"))
    }
}
