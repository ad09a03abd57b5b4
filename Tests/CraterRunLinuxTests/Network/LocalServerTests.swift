import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

/// What a client takes for an answer, and for how long.
@Suite(.timeLimit(.minutes(5))) struct LocalServerTests {
    private static let limit = 1 << 20

    private func answer(
        port: UInt16, of users: ServingUsers = .everybody, within time: Duration = .seconds(30)
    ) throws(LocalServer.Failure) -> LocalServer.Answer {
        try LocalServer(at: .loopback(port: port), of: users).answer(
            to: HTTPRequest(get: "/"), until: MonotonicClock.now().advanced(by: time), limit: LocalServerTests.limit)
    }

    /// Sends this over and over until nobody takes it.
    private func endless(_ head: String, _ piece: String) throws -> TestServer {
        try TestServer { connection, _ in
            sendAll(head, to: connection)
            let pieces = String(repeating: piece, count: 1 + 10_000 / piece.utf8.count)
            while sendAll(pieces, to: connection) {}
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\n", "x"), ("HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n", "x"),
        ("HTTP/1.1 200 OK\r\n", "X: y\r\n"), ("HTTP/1.1 200 OK\r\nX: ", "y"), ("", "x"), ("", "\n"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n"),
    ])
    func anAnswerWithoutEndIsNone(head: String, piece: String) throws {
        let server = try endless(head, piece)
        #expect(throws: LocalServer.Failure.tooLong) { try answer(port: server.port) }
    }

    /// It is no longer than that, and as it is.
    @Test(arguments: [-200, 0, 1]) func anAnswerHasALimit(more: Int) throws {
        let head = "HTTP/1.1 200 OK\r\n\r\n"
        let body = String(repeating: "x", count: LocalServerTests.limit - head.utf8.count + more)
        let server = try TestServer { connection, _ in sendAll(head + body, to: connection) }
        do {
            let answer = try answer(port: server.port)
            #expect(more <= 0 && answer.response.body.count == body.utf8.count)
        } catch {
            #expect(more > 0 && error == .tooLong)
        }
    }

    /// Whoever listens at an app's port may be waiting for its token.
    @Test(.enabled(if: Host.isRoot || Host.isCI, "needs root: it becomes another user"))
    func aSecretIsNotSentToAnotherUser() async throws {
        try await OwnProcess.run {
            try systemCall("seteuid") { seteuid(12345) }
            let listener = try TestListener()
            try systemCall("seteuid") { seteuid(0) }
            let request = HTTPRequest(get: "/", fields: ["Authorization: token x"])
            #expect(throws: LocalServer.Failure.stranger(user: 12345)) {
                try LocalServer(at: .loopback(port: listener.port), of: .only(0)).answer(
                    to: request, until: MonotonicClock.now().advanced(by: .seconds(30)), limit: 99, isSecret: true)
            }
            // Not so much as a connection.
            var entry = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
            #expect(poll(&entry, 1, 0) == 0)
        }
    }

    /// The time is that of the whole exchange, and not of one byte.
    @Test(arguments: ["HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\n", ""])
    func aDripIsOutOfTime(head: String) throws {
        let server = try TestServer { connection, _ in
            sendAll(head, to: connection)
            while sendAll("x", to: connection) { Pause.wait(.milliseconds(5)) }
        }
        let start = MonotonicClock.now()
        do {
            _ = try answer(port: server.port, within: .milliseconds(300))
            Issue.record("taken for an answer")
        } catch {
            guard case .call(let call) = error else { throw error }
            #expect(call.isTimeout)
        }
        #expect(start.duration(to: MonotonicClock.now()) >= .milliseconds(300))
    }

    @Test func whatIsWholeIsNotWaitedFor() throws {
        let isDone = Mutex(false)
        let server = try TestServer { connection, _ in
            sendAll("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", to: connection)
            _ = Wait.until { isDone.withLock { $0 } }
        }
        let answer = try answer(port: server.port)
        #expect(answer.response.status == 200 && answer.response.body.elementsEqual("ok".utf8))
        isDone.withLock { $0 = true }
        #expect(server.waitUntilDone())
    }

    // MARK: Whose answer it is

    @Test func knowsWhoServesAPort() throws {
        let respond: @Sendable (Int32, String) -> Void = { connection, _ in
            _ = sendAll("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", to: connection)
        }
        let own = try TestServer(respond)
        #expect(try answer(port: own.port, of: .ownAndRoot).user == geteuid())
        let strangers = try TestServer(respond)
        #expect(throws: LocalServer.Failure.stranger(user: geteuid())) {
            try answer(port: strangers.port, of: .only(geteuid() + 1))
        }
    }

    @Test func sendsNothingToASocketOfAStrangers() throws {
        let directory = try TemporaryDirectory()
        let address = SocketAddress.unix(path: "\(directory.path)/x.sock")
        let listener = try address.open()
        defer { close(listener) }
        try address.bind(listener)
        try SocketAddress.listen(at: listener, backlog: 4)
        #expect(throws: LocalServer.Failure.stranger(user: geteuid())) {
            try LocalServer(at: address, of: .only(geteuid() + 1)).answer(
                to: HTTPRequest(get: "/secret"), until: MonotonicClock.now().advanced(by: .seconds(30)), limit: 100)
        }
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(recv(connection, &buffer, buffer.count, 0) == 0)
    }

    /// A supervisor whose queue is full is busy, and there.
    @Test func aFullQueueIsWaitedForUntilTheDeadline() async throws {
        // A child that another test spawns would have copies of the sockets.
        try await OwnProcess.run {
            let directory = try TemporaryDirectory()
            let address = SocketAddress.unix(path: "\(directory.path)/x.sock")
            let listener = try address.open()
            try address.bind(listener)
            try SocketAddress.listen(at: listener, backlog: 0)
            var waiting: [Int32] = []
            while true {
                let client = try address.open()
                waiting.append(client)
                if (try? address.connect(client)) == nil { break }
            }
            #expect(address.isServed)
            #expect(throws: LocalServer.Failure.call(SystemCallError(call: "connect", number: ETIMEDOUT))) {
                try LocalServer(at: address, of: .everybody).answer(
                    to: HTTPRequest(get: "/"), until: MonotonicClock.now().advanced(by: .milliseconds(100)), limit: 1)
            }
            for descriptor in waiting { close(descriptor) }
            close(listener)
            #expect(!address.isServed)
        }
    }

    @Test func trustsItsOwnUserRootAndWhoIsNamed() {
        let stranger = geteuid() + 7
        #expect(ServingUsers.ownAndRoot.include(0) && ServingUsers.ownAndRoot.include(geteuid()))
        #expect(!ServingUsers.ownAndRoot.include(stranger) && !ServingUsers.ownAndRoot.and(nil).include(stranger))
        #expect(ServingUsers.ownAndRoot.and(stranger).include(stranger))
        #expect(ServingUsers.everybody.and(0).include(stranger))
        #expect(!ServingUsers.only(stranger).include(geteuid()))
    }
}
