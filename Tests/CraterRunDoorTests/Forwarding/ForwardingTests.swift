import CraterRunCore
import Testing

/// Requests and responses pass as they are.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct ForwardingTests {
    @Test(arguments: [
        "a%2Fb", "/x/../y", "a%40b", "a+b", "a;b=c", "?a=%2F+b&d", "a//b", "%E2%82%AC", "a/./b/..", "x?y?z#",
        "~!$&'()*,",
    ])
    func theTargetPassesByteForByte(path: String) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request(path))
        let head = try app.accept().head()
        #expect(head.hasPrefix("GET \(TestDoor.prefix)\(path) HTTP/1.1\r\n"))
    }

    @Test func headsPassAndOnlyTheConnectionsOwnHeadersDoNot() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(
            TestDoor.request(
                "", ["X-One: 1", "x-two:  a  b ", "Connection: close, X-Secret", "X-Secret: 1", "X-One: 2"]))
        let connection = try app.accept()
        let request = try connection.head()
        #expect(request.contains("\r\nX-One: 1\r\nx-two:  a  b \r\n"))
        #expect(request.contains("\r\nX-One: 2\r\n"))
        #expect(request.contains("\r\nHost: crater.example\r\n"))
        #expect(!request.contains("X-Secret"))
        #expect(request.contains("\r\nX-Forwarded-For: 127.0.0.1\r\n"))
        try connection.send(
            "HTTP/1.1 200 Fine\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nETag: \"x\"\r\nKeep-Alive: timeout=5\r\n"
                + "Connection: X-Own\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nok")
        let (response, end) = try client.rest()
        #expect(response.hasPrefix("HTTP/1.1 200 Fine\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nETag: \"x\"\r\n"))
        #expect(!response.contains("X-Own") && !response.contains("Keep-Alive"))
        #expect(response.hasSuffix("\r\n\r\nok"))
        #expect(end == .closed)
    }

    /// The method, the status and the headers of a response without a body, whose headers may tell a length.
    @Test(arguments: [
        ("HEAD", "200 OK", "Content-Length: 12345"), ("HEAD", "200 OK", "Transfer-Encoding: chunked"),
        ("GET", "304 Not Modified", "Content-Length: 7"), ("GET", "204 No Content", "X-A: b"),
        ("GET", "200 OK", "Content-Length: 0"),
    ])
    func noBodyFollows(method: String, status: String, field: String) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request(method: method))
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 \(status)\r\n\(field)\r\n\r\n")
        let head = try client.head()
        #expect(head.hasPrefix("HTTP/1.1 \(status)\r\n"))
        #expect(head.contains("\(field)\r\n"))
        // The next exchange shows that nobody waits for a body.
        try client.send(TestDoor.request("next"))
        #expect(try connection.head().contains("/next HTTP/1.1"))
    }

    /// 40 KB of a request's headers, and 20 KB and 200 KB of a response's.
    @Test(arguments: [20_000, 40_000, 60_000]) func longRequestHeadsPass(length: Int) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", ["X-Long: " + String(repeating: "x", count: length)]))
        #expect(try app.accept().head().utf8.count > length)
    }

    @Test(arguments: [20_000, 200_000]) func longResponseHeadsPass(length: Int) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        let long = "X-Long: " + String(repeating: "x", count: length)
        try connection.send("HTTP/1.1 200 OK\r\n\(long)\r\nContent-Length: 0\r\n\r\n")
        #expect(try client.head().contains("\r\n\(long)\r\n"))
    }

    /// What is refused, with the status, before an app hears of it.
    @Test(arguments: [
        (["Content-Length: 1", "Transfer-Encoding: chunked"], 400), (["Content-Length: 1", "Content-Length: 2"], 400),
        (["Transfer-Encoding: gzip, chunked"], 501), (["X-Long: " + String(repeating: "x", count: 70_000)], 431),
    ])
    func whatCannotBeFramedIsRefused(fields: [String], status: Int) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request("", fields, method: "POST"))
        client.shutDown()
        let (response, end) = try client.rest()
        #expect(response.hasPrefix("HTTP/1.1 \(status) "))
        #expect(response.contains("Connection: close\r\n"))
        #expect(end == .closed)
        #expect(!app.hasNews)
    }

    @Test func anotherPrefixIsNotTheApps() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send("GET /ingress/x-379e00/ HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 404 "))
        #expect(!app.hasNews)
    }

    @Test func withoutTheSlashTheClientIsSentToThePrefix() throws {
        let door = try TestDoor(try ScriptedApp())
        let client = try door.connect()
        try client.send("GET /ingress/x-379e0?a=%2F+b&d HTTP/1.1\r\nHost: h\r\n\r\n")
        let head = try client.head()
        #expect(head.hasPrefix("HTTP/1.1 308 "))
        #expect(head.contains("\r\nLocation: /ingress/x-379e0/?a=%2F+b&d\r\n"))
    }

    @Test func anAppThatDoesNotRunIsAnsweredFor() throws {
        let door = try TestDoor(nil)
        let client = try door.connect()
        try client.send(TestDoor.request() + TestDoor.request("more"))
        #expect(try client.head().hasPrefix("HTTP/1.1 503 "))
        #expect(try client.read(through: "HTTP/1.1 503 ").isEmpty == false)
    }
}
