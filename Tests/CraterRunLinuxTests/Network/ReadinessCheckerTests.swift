import CLinux
import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ReadinessCheckerTests {
    /// The checker's time is an argument; nothing here takes as long as its timeout.
    private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

    /// Drives a check as the reactor does.
    private func check(port: UInt16, path: String = "/x/data") throws -> CheckOutcome? {
        let check = try CheckDriver()
        check.begin(port: port, path: path, at: start)
        while check.outcome == nil { try check.turn(at: start) }
        return check.outcome
    }

    @Test(arguments: [200, 204, 302, 401, 404, 500, 503]) func theStatusIsTheAnswer(_ status: Int) throws {
        let server = try TestServer { connection, _ in
            sendAll("HTTP/1.1 \(status) Whatever\r\nContent-Length: 2\r\n\r\nok", to: connection)
        }
        #expect(try check(port: server.port) == .answered(status: status))
    }

    @Test func asksForExactlyThePathAndNothingElse() throws {
        let seen = Mutex("")
        let server = try TestServer { connection, head in
            seen.withLock { $0 = head }
            sendAll("HTTP/1.0 200 OK\r\n\r\n", to: connection)
        }
        #expect(try check(port: server.port, path: "/ingress/x/data/environment") == .answered(status: 200))
        let lines = seen.withLock { $0 }.split(separator: "\r\n")
        #expect(lines.first == "GET /ingress/x/data/environment HTTP/1.1")
        #expect(lines.contains("Host: localhost:\(server.port)"))
        #expect(lines.contains("Connection: close"))
    }

    @Test func headersMayComeByteByByte() throws {
        let server = try TestServer { connection, _ in
            for byte in "HTTP/1.1 200 OK\r\nServer: slow\r\n\r\nok" { sendAll(String(byte), to: connection) }
        }
        #expect(try check(port: server.port) == .answered(status: 200))
    }

    /// Which say nothing of what follows.
    @Test(arguments: [
        ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 503 X\r\n\r\n"],
        ["HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 C\r\n\r\nHTTP/1.1 503 X\r\n\r\n"],
        ["HTTP/1.1 102 P\r", "\n\r\nHTTP/1.", "1 50", "3 X\r\n\r\n"],
    ]) func interimAnswersArePassedOver(pieces: [String]) throws {
        let server = try TestServer { connection, _ in
            var yes: Int32 = 1
            setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            for piece in pieces { sendAll(piece, to: connection) }
        }
        #expect(try check(port: server.port) == .answered(status: 503))
    }

    @Test func anInterimAnswerAloneIsNone() throws {
        let server = try TestServer { connection, _ in sendAll("HTTP/1.1 100 Continue\r\n\r\n", to: connection) }
        #expect(
            try check(port: server.port) == .silent(reason: "it gave no answer but an interim one (100), and hung up"))
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let check = try CheckDriver()
        check.begin(port: listener.port, path: "/", at: start)
        let connection = try #require(listener.accept())
        defer { close(connection) }
        try check.turn(at: start)
        sendAll("HTTP/1.1 103 Early Hints\r\n\r\n", to: connection)
        try check.turn(at: start)
        check.checker.expire(at: start.advanced(by: .seconds(3)))
        #expect(check.outcome == .silent(reason: "no answer but an interim one (103) within 3 s"))
    }

    @Test func switchingProtocolsIsAnAnswer() throws {
        let server = try TestServer { connection, _ in
            sendAll("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", to: connection)
        }
        #expect(try check(port: server.port) == .answered(status: 101))
    }

    /// They hold up neither the loop for longer than a turn, nor the check for ever.
    @Test func interimAnswersWithoutEndAreGivenUp() throws {
        let wasCutShort = Mutex(false)
        let server = try TestServer { connection, _ in
            let piece = String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 10_000)
            while sendAll(piece, to: connection) {}
            wasCutShort.withLock { $0 = true }
        }
        guard case .silent(let reason) = try check(port: server.port) else {
            Issue.record("taken for an answer")
            return
        }
        #expect(reason.contains("interim one (103)"))
        #expect(Wait.until { wasCutShort.withLock { $0 } })
    }

    @Test func aHugeBodyIsNotReadToItsEnd() throws {
        let wasCutShort = Mutex(false)
        let server = try TestServer { connection, _ in
            sendAll("HTTP/1.1 200 OK\r\n\r\n", to: connection)
            let piece = String(repeating: "x", count: 1 << 20)
            for _ in 0..<1000 where !sendAll(piece, to: connection) {
                wasCutShort.withLock { $0 = true }
                return
            }
        }
        #expect(try check(port: server.port) == .answered(status: 200))
        #expect(Wait.until { wasCutShort.withLock { $0 } })
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "<html>", "HTTP/1.1", "HTTP/1.1 20", "HTTP/2 200 \r\n\r\n", "\0\0\0\0", "",
    ])
    func whatIsNoHTTPIsNoAnswer(_ garbage: String) throws {
        let server = try TestServer { connection, _ in sendAll(garbage, to: connection) }
        guard case .silent = try check(port: server.port) else {
            Issue.record("taken for an answer: \(garbage)")
            return
        }
    }

    @Test func aServerThatClosesBeforeItReadsIsNoAnswer() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        onThread { if let connection = listener.accept() { close(connection) } }
        guard case .silent = try check(port: listener.port) else {
            Issue.record("taken for an answer")
            return
        }
    }

    @Test func nobodyListeningIsSaid() async throws {
        // A child that another test spawns has a copy of the listener for a moment.
        try await OwnProcess.run {
            let listener = try TestListener(.ipv4("127.0.0.1"))
            listener.close()
            #expect(try check(port: listener.port) == .silent(reason: "nobody listens at its port"))
        }
    }

    @Test func aSocketIsAskedAsAPortIs() async throws {
        try await OwnProcess.run {
            let directory = try TemporaryDirectory()
            let address = SocketAddress.unix(path: directory("x.sock"))
            func check() throws -> CheckDriver {
                let check = try CheckDriver()
                check.begin(ReadinessRequest(.socket(path: directory("x.sock")), path: "/x/data"), at: start)
                return check
            }
            #expect(try check().outcome == .nobodyListens, "there is no file")
            let listener = try address.open()
            try address.bind(listener)
            #expect(try check().outcome == .nobodyListens)
            try SocketAddress.listen(at: listener, backlog: 4)
            let asked = try check()
            try asked.turn(at: start)
            let connection = accept(listener, nil, nil)
            var buffer = [UInt8](repeating: 0, count: 1 << 10)
            let count = recv(connection, &buffer, buffer.count, 0)
            let head = text(Array(buffer.prefix(max(0, count))))
            #expect(head.hasPrefix("GET /x/data HTTP/1.1\r\nHost: localhost\r\n"))
            sendAll("HTTP/1.1 204 X\r\n\r\n", to: connection)
            close(connection)
            while asked.outcome == nil { try asked.turn(at: start) }
            #expect(asked.outcome == .answered(status: 204))
            close(listener)
            #expect(try check().outcome == .nobodyListens, "a file alone is no server")
        }
    }

    @Test func aServerThatNeverAnswersTimesOut() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let check = try CheckDriver()
        check.begin(port: listener.port, path: "/", at: start)
        let deadline = start.advanced(by: .seconds(3))
        #expect(check.checker.deadline == deadline)
        try check.turn(at: start)
        check.checker.expire(at: MonotonicInstant(nanoseconds: deadline.nanoseconds - 1))
        #expect(check.outcome == nil && check.checker.deadline == deadline)
        check.checker.expire(at: deadline)
        #expect(check.outcome == .silent(reason: "no answer within 3 s"))
        #expect(check.checker.deadline == nil)
    }

    @Test func aStatusLineThatCameInTimeCountsThoughTheBodyDoesNotEnd() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let check = try CheckDriver()
        check.begin(port: listener.port, path: "/", at: start)
        let connection = try #require(listener.accept())
        defer { close(connection) }
        try check.turn(at: start)
        sendAll("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", to: connection)
        try check.turn(at: start)
        #expect(check.outcome == nil)
        check.checker.expire(at: start.advanced(by: .seconds(3)))
        #expect(check.outcome == .answered(status: 200))
    }

    @Test func aCheckerIsUsedOverAndOverWithoutALeak() async throws {
        try await OwnProcess.run {
            let check = try CheckDriver()
            let before = openDescriptors()
            for round in 0..<200 {
                let server = try TestServer { connection, _ in
                    if round % 2 == 0 { sendAll("HTTP/1.1 200 OK\r\n\r\n", to: connection) }
                }
                // Every third is given up halfway, one by the next that begins.
                if round % 3 == 0 {
                    check.begin(port: server.port, path: "/", at: start)
                    check.begin(port: server.port, path: "/", at: start)
                } else {
                    check.begin(port: server.port, path: "/", at: start)
                    while check.outcome == nil { try check.turn(at: start) }
                    #expect(round % 2 == 1 || check.outcome == .answered(status: 200))
                }
                check.checker.cancel()
                #expect(server.waitUntilDone())
            }
            #expect(Wait.until { openDescriptors() <= before })
        }
    }
}

/// A checker on a poll of its own.
private final class CheckDriver {
    let poll: EventPoll
    let checker: ReadinessChecker
    /// The outcome of the last check; nil while the check is under way.
    private(set) var outcome: CheckOutcome?

    init() throws {
        poll = try EventPoll()
        checker = ReadinessChecker(on: poll)
    }

    func begin(port: UInt16, path: String, at now: MonotonicInstant) {
        begin(ReadinessRequest(.port(port), path: path), at: now)
    }

    func begin(_ request: ReadinessRequest, at now: MonotonicInstant) {
        outcome = nil
        checker.start(request, at: now) { [weak self] in self?.outcome = $0 }
    }

    /// Waits until something is ready, and handles what is.
    func turn(at now: MonotonicInstant) throws {
        for ready in try poll.wait() { poll.handle(ready, at: now) }
    }
}
