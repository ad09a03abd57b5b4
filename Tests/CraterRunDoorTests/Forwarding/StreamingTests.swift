import CraterRunCore
import CraterRunDoor
import Testing

/// Bodies pass as they come, in both directions.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct StreamingTests {
    /// Each chunk of an endless response arrives before the next one is sent, whatever its type.
    @Test(arguments: ["text/event-stream", "text/plain", "application/json"]) func chunksAreLive(type: String) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(try client.head().contains("\r\nTransfer-Encoding: chunked\r\n"))
        for chunk in ["5\r\nhello\r\n", "1;ext=1\r\n!\r\n", "0\r\nX-Trailer: 1\r\n\r\n"] {
            try connection.send(chunk)
            #expect(try client.text(chunk.utf8.count) == chunk)
        }
        try client.send(TestDoor.request("next"))
        #expect(try connection.head().contains("/next "))
    }

    @Test func aRequestsBodyIsLiveToo() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Transfer-Encoding: chunked"], method: "POST"))
        let connection = try app.accept()
        #expect(try connection.head().contains("\r\nTransfer-Encoding: chunked\r\n"))
        for chunk in ["5\r\nhello\r\n", "0\r\n\r\n"] {
            try client.send(chunk)
            #expect(try connection.text(chunk.utf8.count) == chunk)
        }
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(try client.read(through: "\r\n\r\nok").hasPrefix("HTTP/1.1 200 OK"))
    }

    /// The app answers while the client still sends, and reads no more.
    @Test func anEarlyAnswerArrivesDuringAnUpload() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Content-Length: 1000000000"], method: "POST") + "beginning")
        let connection = try app.accept()
        _ = try connection.head()
        #expect(try connection.text(9) == "beginning")
        try connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
        #expect(try client.read(through: "\r\n\r\nbig").hasPrefix("HTTP/1.1 413 Too Large\r\n"))
        connection.close()
        let (rest, end) = try client.rest()
        #expect(rest.isEmpty)
        #expect(end == .closed)
    }

    /// The app closes the connection with bytes that it has not read, which is a reset.
    @Test func anEarlyAnswerArrivesBeforeAReset() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Content-Length: 1000000000"], method: "PUT") + "unread")
        let connection = try app.accept()
        _ = try connection.read(through: "\r\n\r\n")
        try connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        #expect(try client.read(through: "\r\n\r\nbig").hasPrefix("HTTP/1.1 413 Too Large\r\n"))
        connection.reset()
        #expect(try client.rest().end == .closed)
    }

    @Test func theAppDecidesAboutAnExpectation() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Content-Length: 4", "Expect: 100-continue"], method: "POST"))
        let connection = try app.accept()
        #expect(try connection.head().contains("\r\nExpect: 100-continue\r\n"))
        try connection.send("HTTP/1.1 100 Continue\r\n\r\n")
        #expect(try client.head() == "HTTP/1.1 100 Continue\r\n\r\n")
        try client.send("body")
        #expect(try connection.text(4) == "body")
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 200 OK\r\n"))
        try client.send(TestDoor.request("next"))
        #expect(try connection.head().contains("/next "))
    }

    @Test func aRefusedExpectationEndsTheConnection() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Content-Length: 4", "Expect: 100-continue"], method: "POST"))
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n")
        let (response, end) = try client.rest()
        #expect(response.hasPrefix("HTTP/1.1 417 No\r\n"))
        #expect(response.contains("\r\nConnection: close\r\n"))
        #expect(end == .closed)
    }

    @Test func earlyHintsPass() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        #expect(try client.head() == "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    /// A client that reads nothing stops the app, and everything arrives in the end.
    @Test func anAppWaitsForASlowClient() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        let size = 32 << 20
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
        try flood(from: connection, to: client, size: size, afterHead: { _ = try client.head() }, door)
    }

    @Test func aClientWaitsForASlowApp() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        let size = 32 << 20
        try client.send(TestDoor.request("", ["Content-Length: \(size)"], method: "PUT"))
        let connection = try app.accept()
        _ = try connection.head()
        try flood(from: client, to: connection, size: size, afterHead: {}, door)
    }
}

/// Sends until nothing more is taken, then lets the other end read everything.
func flood(from source: Peer, to target: Peer, size: Int, afterHead: () throws -> Void, _ door: TestDoor) throws {
    let block = (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var sent = 0
    // A turn of the door's loop without room afterwards means that the door does not read.
    var turnsWithoutRoom = 0
    while sent < size, turnsWithoutRoom < 20 {
        let count = source.sendNow(block[(sent % block.count)...].prefix(size - sent))
        try #require(count >= 0)
        sent += count
        turnsWithoutRoom = count == 0 ? turnsWithoutRoom + 1 : 0
        if count == 0 { door.loop.sweep(0) }
    }
    #expect(sent < size, "the door takes more than it can pass")
    let already = sent
    let failure = Locked<String?>(nil)
    try onThread {
        do {
            var sent = already
            while sent < size {
                let rest = Array(block[(sent % block.count)...].prefix(size - sent))
                try source.send(rest)
                sent += rest.count
            }
        } catch { failure.with { $0 = "\(error)" } }
    }
    try afterHead()
    #expect(try target.reads(size, of: block))
    #expect(failure.with { $0 } == nil)
}
