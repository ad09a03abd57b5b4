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
    private func check(_ checker: ReadinessChecker = ReadinessChecker(), port: UInt16, path: String = "/x/data")
        -> CheckOutcome?
    {
        var progress = checker.start(port: port, path: path, at: start)
        while true {
            switch progress {
            case .done(let outcome):
                checker.cancel()
                return outcome
            case .waiting(let interest):
                guard let descriptor = checker.descriptor,
                    interest == .output ? Wait.untilWritable(descriptor) : Wait.untilReadable(descriptor)
                else { return nil }
                progress = checker.proceed()
            }
        }
    }

    @Test(arguments: [200, 204, 302, 401, 404, 500, 503]) func theStatusIsTheAnswer(_ status: Int) throws {
        let server = try TestServer { connection, _ in
            sendAll("HTTP/1.1 \(status) Whatever\r\nContent-Length: 2\r\n\r\nok", to: connection)
        }
        #expect(check(port: server.port) == .answered(status: status))
    }

    @Test func asksForExactlyThePathAndNothingElse() throws {
        let seen = Mutex("")
        let server = try TestServer { connection, head in
            seen.withLock { $0 = head }
            sendAll("HTTP/1.0 200 OK\r\n\r\n", to: connection)
        }
        #expect(check(port: server.port, path: "/ingress/x/data/environment") == .answered(status: 200))
        let lines = seen.withLock { $0 }.split(separator: "\r\n")
        #expect(lines.first == "GET /ingress/x/data/environment HTTP/1.1")
        #expect(lines.contains("Host: localhost:\(server.port)"))
        #expect(lines.contains("Connection: close"))
    }

    @Test func headersMayComeByteByByte() throws {
        let server = try TestServer { connection, _ in
            for byte in "HTTP/1.1 200 OK\r\nServer: slow\r\n\r\nok" { sendAll(String(byte), to: connection) }
        }
        #expect(check(port: server.port) == .answered(status: 200))
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
        #expect(check(port: server.port) == .answered(status: 503))
    }

    @Test func anInterimAnswerAloneIsNone() throws {
        let server = try TestServer { connection, _ in sendAll("HTTP/1.1 100 Continue\r\n\r\n", to: connection) }
        #expect(
            check(port: server.port) == .silent(reason: "it gave no answer but an interim one (100), and hung up"))
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let checker = ReadinessChecker()
        _ = checker.start(port: listener.port, path: "/", at: start)
        let connection = try #require(listener.accept())
        defer { close(connection) }
        let descriptor = try #require(checker.descriptor)
        #expect(Wait.untilWritable(descriptor))
        _ = checker.proceed()
        sendAll("HTTP/1.1 103 Early Hints\r\n\r\n", to: connection)
        #expect(Wait.untilReadable(descriptor))
        _ = checker.proceed()
        #expect(checker.expire() == .silent(reason: "no answer but an interim one (103) within 3 s"))
        checker.cancel()
    }

    @Test func switchingProtocolsIsAnAnswer() throws {
        let server = try TestServer { connection, _ in
            sendAll("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", to: connection)
        }
        #expect(check(port: server.port) == .answered(status: 101))
    }

    /// They hold up neither the loop for longer than a turn, nor the check for ever.
    @Test func interimAnswersWithoutEndAreGivenUp() throws {
        let wasCutShort = Mutex(false)
        let server = try TestServer { connection, _ in
            let piece = String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 10_000)
            while sendAll(piece, to: connection) {}
            wasCutShort.withLock { $0 = true }
        }
        guard case .silent(let reason) = check(port: server.port) else {
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
        #expect(check(port: server.port) == .answered(status: 200))
        #expect(Wait.until { wasCutShort.withLock { $0 } })
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "<html>", "HTTP/1.1", "HTTP/1.1 20", "HTTP/2 200 \r\n\r\n", "\0\0\0\0", "",
    ])
    func whatIsNoHTTPIsNoAnswer(_ garbage: String) throws {
        let server = try TestServer { connection, _ in sendAll(garbage, to: connection) }
        guard case .silent = check(port: server.port) else {
            Issue.record("taken for an answer: \(garbage)")
            return
        }
    }

    @Test func aServerThatClosesBeforeItReadsIsNoAnswer() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        onThread { if let connection = listener.accept() { close(connection) } }
        guard case .silent = check(port: listener.port) else {
            Issue.record("taken for an answer")
            return
        }
    }

    @Test func nobodyListeningIsSaid() async throws {
        // A child that another test spawns has a copy of the listener for a moment.
        try await OwnProcess.run {
            let listener = try TestListener(.ipv4("127.0.0.1"))
            listener.close()
            #expect(check(port: listener.port) == .silent(reason: "nobody listens at its port"))
        }
    }

    @Test func aServerThatNeverAnswersTimesOut() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let checker = ReadinessChecker()
        guard case .waiting(.output) = checker.start(port: listener.port, path: "/", at: start) else {
            Issue.record("did not wait for its connection")
            return
        }
        #expect(checker.deadline == start.advanced(by: .seconds(3)))
        let descriptor = try #require(checker.descriptor)
        #expect(Wait.untilWritable(descriptor))
        guard case .waiting(.input) = checker.proceed() else {
            Issue.record("did not wait for its answer")
            return
        }
        #expect(checker.expire() == .silent(reason: "no answer within 3 s"))
        checker.cancel()
        #expect(checker.deadline == nil)
        #expect(checker.descriptor == nil)
    }

    @Test func aStatusLineThatCameInTimeCountsThoughTheBodyDoesNotEnd() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let checker = ReadinessChecker()
        _ = checker.start(port: listener.port, path: "/", at: start)
        let connection = try #require(listener.accept())
        defer { close(connection) }
        let descriptor = try #require(checker.descriptor)
        #expect(Wait.untilWritable(descriptor))
        _ = checker.proceed()
        sendAll("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", to: connection)
        #expect(Wait.untilReadable(descriptor))
        guard case .waiting(.input) = checker.proceed() else {
            Issue.record("ended before the answer did")
            return
        }
        #expect(checker.expire() == .answered(status: 200))
    }

    @Test func aCheckerIsUsedOverAndOverWithoutALeak() async throws {
        try await OwnProcess.run {
            let checker = ReadinessChecker()
            let before = openDescriptors()
            for round in 0..<200 {
                let server = try TestServer { connection, _ in
                    if round % 2 == 0 { sendAll("HTTP/1.1 200 OK\r\n\r\n", to: connection) }
                }
                // Every third is given up halfway, one by the next that begins.
                if round % 3 == 0 {
                    _ = checker.start(port: server.port, path: "/", at: start)
                    _ = checker.start(port: server.port, path: "/", at: start)
                } else {
                    let outcome = check(checker, port: server.port)
                    #expect(round % 2 == 1 || outcome == .answered(status: 200))
                }
                checker.cancel()
                #expect(server.waitUntilDone())
            }
            checker.cancel()
            #expect(Wait.until { openDescriptors() <= before })
        }
    }

    /// Linux lets a socket connect to itself if it gets the very port that it connects to; who asks an ephemeral port often
    /// enough would find an app there. The range is made one port small, so that it would happen at once.
    @Test(.enabled(if: Host.canUnshare)) func nobodyIsTakenForAnAppByConnectingToItself() async throws {
        let wrapper = [
            "unshare", "--net", try Tool.path("sh"), "-c",
            #"echo 40000 40001 > /proc/sys/net/ipv4/ip_local_port_range && exec "$@""#, "sh",
        ]
        try await OwnProcess.run(behind: wrapper) {
            try bringUpLoopback()
            let checker = ReadinessChecker()
            for port: UInt16 in [40_000, 40_001] {
                for _ in 0..<20 {
                    #expect(check(checker, port: port) == .silent(reason: "nobody listens at its port"))
                }
            }
        }
    }

    /// A new network namespace has its loopback interface down.
    private func bringUpLoopback() throws {
        var children = ChildProcesses(inherited: .none)
        let script = """
            import fcntl, socket, struct
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"lo", 0x41, b""))
            """
        #expect(try children.run([try Tool.path("python3"), "-c", script]).status == .exited(code: 0))
    }
}
