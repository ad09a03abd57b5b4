import CraterRunCore
import CraterRunDoor
import Testing

/// Clients that stand still in the middle of something. Time is counted by hand: no test waits for it.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct SilenceTests {
    /// Sends until the other end takes nothing more: until there is no room for a second, in which the kernel's timers for
    /// a closed window and for lost segments have passed (tcp(7)).
    ///
    /// - Returns: how many bytes that were.
    @discardableResult
    private func fill(_ peer: Peer) throws -> Int {
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
        var sent = 0
        repeat {
            let count = peer.sendNow(block[...])
            try #require(count >= 0 && sent < 256 << 20)
            sent += count
        } while peer.hasRoom(within: 1000)
        return sent
    }

    private func start(_ request: String) throws -> (door: TestDoor, client: Peer, app: Peer) {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(request)
        let connection = try app.accept()
        _ = try connection.head()
        return (door, client, connection)
    }

    // MARK: Uploads

    @Test(arguments: ["Content-Length: 10", "Transfer-Encoding: chunked"])
    func anUploadThatStandsStillIsGivenUp(framing: String) throws {
        let (door, client, app) = try start(TestDoor.request("", [framing], method: "POST"))
        // Each piece begins the time anew, however long the whole takes.
        for piece in ["5\r\nhe", "l"] {
            try client.send(piece)
            #expect(try app.text(piece.utf8.count) == piece)
            door.loop.sweep(300)
            #expect(!client.hasNews && !app.hasNews)
        }
        door.loop.sweep(1)
        #expect(try app.rest() == ("", .closed), "the app sees that the body is not whole")
        client.shutDown()
        let (text, end) = try client.rest()
        #expect(text.hasPrefix("HTTP/1.1 408 ") && end == .closed)
    }

    /// The app has begun its answer: the client sees that the answer is not whole.
    @Test func anUploadThatStandsStillDuringTheAnswer() throws {
        let (door, client, app) = try start(TestDoor.request("", ["Content-Length: 10"], method: "POST") + "a")
        door.loop.sweep(200)
        try app.send("HTTP/1.1 200 OK\r\n\r\nso far")
        #expect(try client.read(through: "so far").hasPrefix("HTTP/1.1 200 "))
        door.loop.sweep(200)
        #expect(!client.hasNews, "the answer goes on")
        door.loop.sweep(101)
        #expect(try client.rest() == ("", .reset))
    }

    /// The app takes nothing, so the client cannot send: that is no silence of the client's.
    @Test func backPressureDoesNotCount() throws {
        let (door, client, app) = try start(TestDoor.request("", ["Content-Length: 1000000000"], method: "PUT"))
        try fill(client)
        door.loop.sweep(5000)
        #expect(!client.hasNews)
        try app.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 413 "))
    }

    @Test func aClientMayWaitForTheContinue() throws {
        let (door, client, app) = try start(
            TestDoor.request("", ["Content-Length: 2", "Expect: 100-continue"], method: "POST"))
        door.loop.sweep(5000)
        try app.send("HTTP/1.1 100 Continue\r\n\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 100 "))
        try client.send("ok")
        #expect(try app.text(2) == "ok")
    }

    // MARK: Downloads

    /// A paused download goes on for an hour. Its end is no end in order, which could look like the end of the response.
    @Test func aReaderThatStandsStillIsGivenUp() throws {
        let (door, client, app) = try start(TestDoor.request())
        try app.send("HTTP/1.1 200 OK\r\n\r\n")
        let head = try client.head()
        let sent = try fill(app)
        door.loop.sweep(3600)
        #expect(!app.hasNews && head.hasPrefix("HTTP/1.1 200 "))
        // The client takes something: the time begins anew.
        _ = try client.read(sent)
        door.loop.sweep(1)
        try fill(app)
        door.loop.sweep(3600)
        #expect(!app.hasNews)
        door.loop.sweep(1)
        #expect(try client.rest().end == .reset)
        _ = try app.rest()
    }

    @Test func aTunnelMayBeSilentForDays() throws {
        let (door, client, app) = try start(TestDoor.upgrade())
        try app.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        _ = try client.head()
        door.loop.sweep(300_000)
        try client.send("ping")
        #expect(try app.text(4) == "ping")
    }

    // MARK: After the last answer

    /// Answers that a client has not taken are not thrown away, whatever the client sends meanwhile. A small receive buffer
    /// keeps them in the kernel of the door's machine, as a busy machine does.
    ///
    /// - Parameters:
    ///   - head: what the client begins after its requests, and does not end.
    ///   - seconds: how long the client then does nothing.
    @Test(arguments: [("GET / HTTP/1.1\r\n", 31), ("", 91)])
    func whatIsWrittenIsNotLost(head: String, seconds: Int) throws {
        let door = try TestDoor(nil)
        let client = try door.connect(receiveBuffer: 4096)
        let count = 500
        try client.send(String(repeating: TestDoor.request(), count: count) + head)
        try door.roundTrip()
        try door.roundTrip()
        door.loop.sweep(seconds)
        // The time for what is still sent is over as well.
        try door.roundTrip()
        door.loop.sweep(31)
        try client.send(TestDoor.request())
        client.shutDown()
        let (text, end) = try client.rest()
        let answers = text.split(separator: "\r\n").count { $0.hasSuffix("HTTP/1.1 503 Service Unavailable") }
        #expect(answers == count && end == .closed)
    }

    /// - Parameter keepsSending: whether the client sends something every three seconds.
    @Test(arguments: [(false, 5), (true, 30)])
    func aClientThatIsDoneIsHeardForAWhile(keepsSending: Bool, seconds: Int) throws {
        // Room for two clients: while there is none, a third one has to wait.
        let door = try TestDoor(nil, descriptors: 64 + 2 * 2)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Content-Length: 1000"], method: "POST"))
        #expect(try client.head().hasPrefix("HTTP/1.1 503 "))
        let other = try door.connect()
        func roundTrip() throws {
            try other.send(TestDoor.request())
            let head = try other.head()
            let line = try #require(head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") })
            _ = try other.read(try #require(Int(line.dropFirst(16))))
        }
        try roundTrip()
        let third = try door.connect()
        try third.send(TestDoor.request())
        var passed = 0
        while passed + 3 <= seconds {
            if keepsSending { try client.send("x") }
            try roundTrip()
            door.loop.sweep(3)
            passed += 3
            try roundTrip()
            #expect(!third.hasNews, "after \(passed) s")
        }
        // The client's kernel may wait with its acknowledgement (tcp(7), TCP_QUICKACK), and the door waits for that.
        repeat {
            try roundTrip()
            door.loop.sweep(3)
            passed += 3
        } while !third.hasNews(within: 50)
        #expect(try third.head().hasPrefix("HTTP/1.1 503 ") && passed < 600)
    }
}
