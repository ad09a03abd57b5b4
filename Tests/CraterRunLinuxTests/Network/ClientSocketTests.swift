import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

/// What a client takes for an answer, and for how long.
@Suite(.timeLimit(.minutes(5))) struct ClientSocketTests {
    private static let limit = 1 << 20

    private func ask(
        port: UInt16, of users: ServingUsers = .everybody, within time: Duration = .seconds(30)
    ) throws(ClientSocket.Failure) -> ClientSocket.Answer {
        try ClientSocket.exchange(
            Array("GET / HTTP/1.1\r\n\r\n".utf8), with: .loopback(port: port), of: users,
            until: MonotonicClock.now().advanced(by: time), limit: ClientSocketTests.limit)
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
        #expect(throws: ClientSocket.Failure.tooLong) { try ask(port: server.port) }
    }

    /// It is no longer than that, and as it is.
    @Test(arguments: [-200, 0, 1]) func anAnswerHasALimit(more: Int) throws {
        let head = "HTTP/1.1 200 OK\r\n\r\n"
        let body = String(repeating: "x", count: ClientSocketTests.limit - head.utf8.count + more)
        let server = try TestServer { connection, _ in sendAll(head + body, to: connection) }
        do {
            let answer = try ask(port: server.port)
            #expect(more <= 0 && answer.response.body.count == body.utf8.count)
        } catch {
            #expect(more > 0 && error == .tooLong)
        }
    }

    /// Whoever listens at an app's port may be waiting for its token.
    @Test(.enabled(if: Host.isRoot, "needs root: it becomes another user"))
    func aSecretIsNotSentToAnotherUser() async throws {
        try await OwnProcess.run {
            try systemCall("seteuid") { seteuid(12345) }
            let listener = try TestListener()
            try systemCall("seteuid") { seteuid(0) }
            let request = Array("GET / HTTP/1.1\r\nAuthorization: token x\r\n\r\n".utf8)
            #expect(throws: ClientSocket.Failure.stranger(user: 12345)) {
                try ClientSocket.exchange(
                    request, with: .loopback(port: listener.port), of: .only(0),
                    until: MonotonicClock.now().advanced(by: .seconds(30)), limit: 99, isSecret: true)
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
            _ = try ask(port: server.port, within: .milliseconds(300))
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
        let answer = try ask(port: server.port)
        #expect(answer.response.status == 200 && answer.response.body.elementsEqual("ok".utf8))
        isDone.withLock { $0 = true }
        #expect(server.waitUntilDone())
    }

    // MARK: Whose answer it is

    @Test func knowsWhoServesAPort() throws {
        let answer: @Sendable (Int32, String) -> Void = { connection, _ in
            _ = sendAll("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", to: connection)
        }
        let own = try TestServer(answer)
        #expect(try ask(port: own.port, of: .ownAndRoot).user == geteuid())
        let strangers = try TestServer(answer)
        #expect(throws: ClientSocket.Failure.stranger(user: geteuid())) {
            try ask(port: strangers.port, of: .only(geteuid() + 1))
        }
    }

    @Test func sendsNothingToASocketOfAStrangers() throws {
        let directory = try TemporaryDirectory()
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        let path = "\(directory.path)/x.sock"
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0 && listen(listener, 4) == 0)
        #expect(throws: ClientSocket.Failure.stranger(user: geteuid())) {
            try ClientSocket.exchange(
                Array("secret".utf8), with: .unix(path: path), of: .only(geteuid() + 1),
                until: MonotonicClock.now().advanced(by: .seconds(30)), limit: 100)
        }
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(recv(connection, &buffer, buffer.count, 0) == 0)
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
