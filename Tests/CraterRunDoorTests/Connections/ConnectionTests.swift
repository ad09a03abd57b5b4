import CraterRunCore
import Testing

/// Connections of clients and to apps are kept, and closed, independently.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct ConnectionTests {
    private static let empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    @Test func anAppThatClosesCostsTheClientNothing() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        for number in 0..<3 {
            try client.send(TestDoor.request("\(number)"))
            let connection = try app.accept()
            #expect(try connection.head().contains("/\(number) "))
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            connection.close()
            let response = try client.read(through: "\r\n\r\nok")
            #expect(!response.contains("close"))
        }
    }

    @Test func aConnectionToTheAppServesManyClients() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let first = try door.connect()
        try first.send(TestDoor.request("0", ["Connection: close"]))
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send(ConnectionTests.empty)
        #expect(try first.rest().end == .closed)
        for number in 1..<4 {
            let client = try door.connect()
            try client.send(TestDoor.request("\(number)"))
            #expect(try connection.head().contains("/\(number) "))
            try connection.send(ConnectionTests.empty)
            #expect(try client.head().hasPrefix("HTTP/1.1 200 "))
        }
        #expect(!app.hasNews)
    }

    @Test func pipelinedRequestsAreAnsweredInTheirOrder() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        let post = TestDoor.request("1", ["Content-Length: 4"], method: "POST") + "body"
        try client.send(TestDoor.request("0") + post + TestDoor.request("2") + TestDoor.request("3"))
        let first = try app.accept()
        #expect(try first.head().contains("/0 "))
        #expect(!first.hasNews)
        try first.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0")
        // A request that cannot be repeated gets a new connection.
        let second = try app.accept()
        #expect(try second.read(through: "\r\n\r\nbody").contains("POST"))
        try second.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n")
        for number in 2...3 {
            #expect(try second.head().contains("/\(number) "))
            try second.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
        }
        #expect(try client.read(through: "\r\n\r\n0").hasPrefix("HTTP/1.1 200 "))
        #expect(try client.read(through: "1\r\n1\r\n0\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        #expect(try client.read(through: "\r\n\r\n2").hasPrefix("HTTP/1.1 200 "))
        #expect(try client.read(through: "\r\n\r\n3").hasPrefix("HTTP/1.1 200 "))
    }

    /// A kept connection that the app closes when the request comes.
    @Test func aSafeRequestIsRepeatedOnce() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("0"))
        let stale = try app.accept()
        _ = try stale.head()
        try stale.send(ConnectionTests.empty)
        _ = try client.head()
        try client.send(TestDoor.request("1"))
        _ = try stale.head()
        stale.close()
        let fresh = try app.accept()
        #expect(try fresh.head().contains("/1 "))
        fresh.close()
        #expect(try client.head().hasPrefix("HTTP/1.1 502 "))
        #expect(!app.hasNews)
    }

    /// The app may have acted on a request whose answer does not come, so such a request gets a new connection, even if
    /// a kept one waits.
    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "PROPFIND"])
    func anUnsafeRequestNeverTakesAKeptConnection(method: String) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("0"))
        let kept = try app.accept()
        _ = try kept.head()
        try kept.send(ConnectionTests.empty)
        _ = try client.head()
        try client.send(TestDoor.request("1", method: method))
        let fresh = try app.accept()
        #expect(try fresh.head().hasPrefix("\(method) "))
        fresh.close()
        #expect(try client.head().hasPrefix("HTTP/1.1 502 "))
        #expect(!app.hasNews && !kept.hasNews)
    }

    @Test func aRequestThatMayHaveBeenSeenIsNotRepeated() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Content-Length: 0"], method: "POST"))
        let connection = try app.accept()
        _ = try connection.head()
        connection.close()
        #expect(try client.head().hasPrefix("HTTP/1.1 502 "))
        #expect(!app.hasNews)
    }

    @Test func aConnectionThatTheAppHasClosedIsNotUsed() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("0"))
        let first = try app.accept()
        _ = try first.head()
        try first.send(ConnectionTests.empty)
        first.shutDown()
        _ = try client.head()
        #expect(try first.rest() == ("", .closed))
        try client.send(TestDoor.request("1"))
        #expect(try app.accept().head().contains("/1 "))
    }

    /// As `printf … | nc -N` sends them. The last one is not whole.
    @Test func aClientThatSendsNothingMoreGetsAllAnswers() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send((0..<3).map { TestDoor.request("\($0)") }.joined() + "GET /x HT")
        client.shutDown()
        let connection = try app.accept()
        for number in 0..<3 {
            #expect(try connection.head().contains("/\(number) "))
            try connection.send(ConnectionTests.empty)
        }
        let (text, end) = try client.rest()
        #expect(text.split(separator: "\r\n").count { $0.hasPrefix("HTTP/1.1 ") } == 3 && end == .closed)
        #expect(!text.contains("Connection: close"), "each of them could have been followed by another")
    }

    @Test func aClientThatSendsNothingMoreGetsAllPages() throws {
        let door = try TestDoor(nil)
        let client = try door.connect()
        try client.send(TestDoor.request() + TestDoor.request())
        client.shutDown()
        let (text, end) = try client.rest()
        #expect(
            text.split(separator: "\r\n").count { $0.hasSuffix("HTTP/1.1 503 Service Unavailable") } == 2
                && end == .closed)
    }

    @Test func anAppThatDoesNotListenIsABadGateway() throws {
        let door: TestDoor
        do {
            let app = try ScriptedApp()
            door = try TestDoor(app)
        }
        let client = try door.connect()
        try client.send(TestDoor.request() + TestDoor.request())
        #expect(try client.head().hasPrefix("HTTP/1.1 502 "))
        #expect(try client.read(through: "HTTP/1.1 502 ").isEmpty == false)
    }

    @Test func whatIsNoHTTPIsABadGateway() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("SSH-2.0-OpenSSH\r\n\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 502 "))
    }

    @Test func oldClientsGetTheirAnswer() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request(version: "1.0"))
        client.shutDown()
        let connection = try app.accept()
        #expect(try connection.head().contains(" HTTP/1.0\r\n"))
        try connection.send("HTTP/1.0 200 OK\r\n\r\nuntil the end")
        connection.close()
        let (response, end) = try client.rest()
        #expect(response.contains("200 OK\r\n") && response.hasSuffix("\r\n\r\nuntil the end"))
        #expect(end == .closed)
    }

    @Test func aBodyUntilTheEndEndsTheClientsConnection() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 200 OK\r\n\r\nuntil")
        #expect(try client.head().contains("\r\nConnection: close\r\n"))
        #expect(try client.text(5) == "until")
        try connection.send(" the end")
        connection.close()
        #expect(try client.rest() == (" the end", .closed))
    }

    /// No response that the app breaks off looks complete.
    @Test(arguments: [
        ("Content-Length: 10", "half"), ("Transfer-Encoding: chunked", "4\r\nhalf\r\n"),
        ("Transfer-Encoding: chunked", "4\r\nhalf\r\n0\r\n"), ("Transfer-Encoding: chunked", "4\r\nhalf\r\nzz\r\n"),
    ])
    func aTruncatedResponseIsNotCompleted(field: String, part: String) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 200 OK\r\n\(field)\r\n\r\n\(part)")
        connection.close()
        _ = try client.head()
        let (rest, _) = try client.rest()
        #expect(part.hasPrefix(rest))
        #expect(rest.hasPrefix(String(part.prefix(4))))
    }

    /// Where the end of the connection is the end of the body, only a reset tells the client.
    @Test func aBrokenBodyUntilTheEndIsReset() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 200 OK\r\n\r\nhalf")
        _ = try client.head()
        #expect(try client.text(4) == "half")
        connection.reset()
        #expect(try client.rest() == ("", .reset))
    }

    /// An upload that the client breaks off does not look complete to the app.
    @Test(arguments: [("Content-Length: 10", "half"), ("Transfer-Encoding: chunked", "4\r\nhalf\r\n")])
    func aTruncatedRequestIsNotCompleted(field: String, part: String) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", [field], method: "POST") + part)
        let connection = try app.accept()
        _ = try connection.head()
        #expect(try connection.text(part.utf8.count) == part)
        client.shutDown()
        #expect(try connection.rest().text.isEmpty)
    }

    @Test func aClientThatGoesAwayEndsTheAppsWork() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        client.reset()
        #expect(try connection.rest() == ("", .closed))
    }

    @Test func malformedChunksOfARequestEndBoth() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["Transfer-Encoding: chunked"], method: "POST") + "1\r\na\r\n")
        let connection = try app.accept()
        _ = try connection.head()
        #expect(try connection.text(6) == "1\r\na\r\n")
        try client.send("zz\r\n")
        #expect(try connection.rest().text.isEmpty)
        client.shutDown()
        #expect(try client.rest().text.hasPrefix("HTTP/1.1 400 "))
    }
}
