import CraterRunCore
import Testing

/// What is answered to requests, whole or broken, over TCP.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct RequestTests {
    @Test(arguments: ["/livez", "/healthz", "/metrics", "/livez?verbose", "/livez?", "/livez?x=1&verbose=1"])
    func getsAnAnswer(path: String) throws {
        let server = try TestHealthServer()
        let answer = try server.get(path)
        #expect(answer.status == 200)
        #expect(answer.headers["crater-run-instance"] == server.instance)
        #expect(answer.headers["content-type"]?.hasPrefix("text/plain") == true)
        #expect(answer.headers["cache-control"] == "no-store")
        #expect(answer.headers["content-length"] == "\(answer.body.utf8.count)")
        #expect(answer.body.hasSuffix("\n"))
        #expect(answer.body.hasPrefix("[+]") == path.contains("verbose"))
    }

    @Test func isAnsweredFromWhatTheReactorLeft() throws {
        let server = try TestHealthServer()
        #expect(try server.get("/startupz").status == 503)
        #expect(try server.get("/readyz").body == "the ingress rules have not been read\n")
        var report = SupervisorReport()
        report.hasRules = true
        server.publish(report, orphansReaped: 3)
        #expect(try server.get("/startupz").body == "ok\n")
        #expect(try server.get("/readyz").status == 200)
        #expect(try server.get("/metrics").body.contains("\ncrater_run_orphans_reaped_total 3\n"))
        #expect(try server.get("/readyz/tensorboard").status == 404)
        report.isStopping = true
        server.publish(report, orphansReaped: 3)
        #expect(try server.get("/readyz").body == "crater-run is stopping\n")
        #expect(try server.get("/livez").status == 200)
    }

    @Test(arguments: ["/livez", "/readyz", "/metrics"])
    func headIsAGetWithoutABody(path: String) throws {
        let server = try TestHealthServer()
        let connection = try server.connect()
        try connection.send("HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let head = try connection.answer(isHead: true)
        // Nothing came after it: what follows is the next answer.
        try connection.send(RawConnection.get("/livez"))
        #expect(try connection.answer().body == "ok\n")
        #expect(head.status == (path == "/readyz" ? 503 : 200))
        #expect(try #require(Int(head.headers["content-length"] ?? "")) > 0)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"], ["/livez", "/metrics"])
    func otherMethodsAreNotAllowed(method: String, path: String) throws {
        let answer = try TestHealthServer().ask(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
        #expect(answer.status == 405)
        #expect(answer.headers["allow"] == "GET, HEAD")
    }

    /// Nothing can be changed, or even be seen in full, over TCP.
    @Test(arguments: ["/", "/livez/", "/readyz/", "//livez", "/LIVEZ", "/v1/status", "/v1/apps/tensorboard/stop", "*"])
    func nothingElseIsThere(path: String) throws {
        let server = try TestHealthServer { _ in .accepted(app: "tensorboard", message: "this must not come") }
        for method in ["GET", "POST"] {
            let answer = try server.ask("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            #expect((method == "GET" ? [400, 404] : [405]).contains(answer.status), "\(method) \(path): \(answer)")
        }
    }

    // MARK: Targets

    /// The whole URL, as a client sends it that takes us for a proxy; and a path that is encoded.
    @Test(arguments: [
        ("http://localhost/livez", 200), ("HTTP://example.org:80/livez?verbose", 200), ("https://[::1]/metrics", 200),
        ("http://localhost/readyz/nobody", 404), ("http://localhost", 404), ("http://localhost?verbose", 404),
        ("/live%7a", 200), ("/%6Cive%7A?verbose", 200), ("/readyz%2Fx", 404), ("/livez%00", 404),
    ])
    func aTargetMayBeAURL(target: String, status: Int) throws {
        let server = try TestHealthServer()
        for version in ["1.1", "1.0"] {
            let request = "GET \(target) HTTP/\(version)\r\nHost: other\r\n\r\n"
            let connections = [try server.connect(), try RawConnection(path: server.socket)]
            for connection in connections {
                try connection.send(request)
                let answer = try connection.answer()
                #expect(answer.status == status, "\(request)\(answer)")
                if status == 200 { #expect(answer.body.hasPrefix("[+]") == target.contains("verbose")) }
            }
        }
        let head = try server.ask("HEAD \(target) HTTP/1.1\r\nHost: a\r\n\r\n", isHead: true)
        #expect(head.status == status)
        // Whatever the URL says: HTTP/1.1 wants the header.
        #expect(try server.ask("GET \(target) HTTP/1.1\r\n\r\n").status == 400)
    }

    @Test func theControlSocketTakesURLsToo() throws {
        let server = try TestHealthServer { command in
            command == .stop(app: "a b") ? .accepted(app: "a b", message: "a b: stopping") : .unknown(names: [])
        }
        let status = try RawConnection(path: server.socket)
        try status.send(RawConnection.get("http://localhost/v1/status"))
        #expect(try status.answer().status == 200)
        let stop = try RawConnection(path: server.socket)
        try stop.send("POST http://x/v1/apps/a%20b/stop HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
        #expect(try stop.answer().status == 202)
    }

    /// What asks for no path: of the server as a whole, or to be a proxy.
    @Test(arguments: [
        ("OPTIONS * HTTP/1.1", 405), ("OPTIONS http://localhost/livez HTTP/1.1", 405),
        ("CONNECT localhost:80 HTTP/1.1", 405),
        ("GET * HTTP/1.1", 400), ("GET livez HTTP/1.1", 400), ("GET ftp://localhost/livez HTTP/1.1", 400),
    ])
    func otherTargetsAreRefused(line: String, status: Int) throws {
        let server = try TestHealthServer()
        for connection in [try server.connect(), try RawConnection(path: server.socket)] {
            try connection.send("\(line)\r\nHost: localhost\r\n\r\n")
            let answer = try connection.answer()
            #expect(answer.status == status, "\(line): \(answer)")
        }
        #expect(try server.get("/livez").status == 200)
    }

    // MARK: Connections

    @Test func aConnectionIsKept() throws {
        let connection = try TestHealthServer().connect()
        for _ in 0..<100 {
            try connection.send(RawConnection.get("/livez"))
            let answer = try connection.answer()
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] != "close")
        }
    }

    @Test func aConnectionIsClosedIfAsked() throws {
        let connection = try TestHealthServer().connect()
        try connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        let answer = try connection.answer()
        #expect(answer.status == 200)
        #expect(answer.headers["connection"] == "close")
        #expect(try connection.rest() == "")
    }

    @Test func anOldClientIsAnswered() throws {
        let connection = try TestHealthServer().connect()
        // Neither a host nor a connection that is kept.
        try connection.send("GET /livez HTTP/1.0\r\n\r\n")
        let answer = try connection.answer()
        #expect(answer.status == 200)
        #expect(answer.version.hasPrefix("HTTP/1."))
        #expect(try connection.rest() == "")
    }

    @Test func anOldClientMayKeepItsConnection() throws {
        let connection = try TestHealthServer().connect()
        for _ in 0..<2 {
            try connection.send("GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let answer = try connection.answer()
            #expect(answer.status == 200)
            #expect(answer.headers["connection"]?.lowercased() == "keep-alive")
        }
    }

    @Test func requestsThatComeAtOnceAreAnsweredInOrder() throws {
        let connection = try TestHealthServer().connect()
        let paths = ["/livez", "/nowhere", "/startupz", "/metrics", "/livez?verbose", "/readyz/lars"]
        // The first waits for the reactor, and the others for it.
        try connection.send(String(repeating: paths.map(RawConnection.get).joined(), count: 20))
        for _ in 0..<20 {
            let answers = try paths.map { _ in try connection.answer() }
            #expect(answers.map(\.status) == [200, 404, 503, 200, 200, 404])
            #expect(answers[0].body == "ok\n")
            #expect(answers[3].body.hasPrefix("# HELP"))
            #expect(answers[4].body.hasPrefix("[+]reactor"))
        }
    }

    @Test func aRequestMayComeByteByByte() throws {
        let connection = try TestHealthServer().connect()
        for byte in RawConnection.get("/livez") { try connection.send(String(byte)) }
        #expect(try connection.answer().status == 200)
    }

    @Test func whoSaysNothingMoreIsAnsweredAllTheSame() throws {
        let connection = try TestHealthServer().connect()
        try connection.send(RawConnection.get("/livez") + RawConnection.get("/metrics"))
        connection.shutDown()
        #expect(try connection.answer().body == "ok\n")
        #expect(try connection.answer().body.hasPrefix("# HELP"))
        #expect(try connection.rest() == "")
    }

    @Test func whoGoesInTheMiddleIsNoTrouble() throws {
        let server = try TestHealthServer()
        for text in ["", "GET", "GET /livez HTTP/1.1\r\nHost:", RawConnection.get("/livez")] {
            for _ in 0..<20 { try server.connect().send(text) }
        }
        #expect(try server.get("/livez").status == 200)
    }

    // MARK: What is refused

    struct Broken: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let text: String
        let statuses: [Int]

        init(_ testDescription: String, _ text: String, _ statuses: Int...) {
            self.testDescription = testDescription
            self.text = text
            self.statuses = statuses
        }
    }

    @Test(arguments: [
        Broken("garbage", "\u{16}\u{3}\u{1}\u{2}\u{0}garbage\r\n\r\n", 400),
        Broken("no version", "GET /livez\r\n\r\n", 400),
        Broken("a version to come", "GET /livez HTTP/9.9\r\nHost: localhost\r\n\r\n", 400, 505),
        Broken("no host", "GET /livez HTTP/1.1\r\n\r\n", 400),
        Broken("two hosts", "GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        Broken("two lengths", "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        Broken(
            "a length and pieces",
            "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        Broken("a length that is none", "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        Broken("a space before the colon", "GET /livez HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        Broken("a change", "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 405),
        // However much is to come: it is not waited for.
        Broken("a large body", "POST /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000000\r\n\r\n", 405),
        Broken("a body", "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 413),
        Broken(
            "a body in pieces",
            "GET /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 413),
        Broken("an expectation", "GET /livez HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", 417),
        Broken("a path of 17 KiB", RawConnection.get("/" + String(repeating: "a", count: 17 << 10)), 414, 431, 400),
        Broken("a path of 1 MiB", RawConnection.get("/" + String(repeating: "a", count: 1 << 20)), 414, 431, 400),
        Broken(
            "a header of 17 KiB",
            "GET /livez HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 17 << 10))\r\n\r\n", 431, 400),
        Broken(
            "headers of 20 KiB",
            "GET /livez HTTP/1.1\r\nHost: a\r\n"
                + (0..<20).map { "X\($0): \(String(repeating: "x", count: 1 << 10))\r\n" }.joined() + "\r\n", 431, 400),
        Broken(
            "200 headers",
            "GET /livez HTTP/1.1\r\nHost: a\r\n" + (0..<200).map { "X\($0): x\r\n" }.joined() + "\r\n", 431, 400),
    ])
    func whatIsNotAsItShouldBeIsRefusedAndHungUpOn(broken: Broken) throws {
        let server = try TestHealthServer()
        let connection = try server.connect()
        _ = try connection.trySend(broken.text)
        // With a reset, if it has not been read to its end, the answer may be lost.
        if let answer = try? connection.answer() {
            #expect(broken.statuses.contains(answer.status), "\(answer)")
            #expect(answer.headers["connection"] == "close")
        } else {
            #expect(broken.text.utf8.count > 16 << 10, "it has been read to its end")
        }
        _ = try connection.rest()
        #expect(try server.get("/livez").status == 200)
    }
}
