import CraterRunLinux
import Glibc
import Testing

/// Slow clients, and too many of them.
@Suite(.serialized, .timeLimit(.minutes(TestTime.limit)))
struct ConnectionLimitTests {
    /// As many connections as there may be at once (docs/probes.md, Limits).
    private let most = min(max(HostReserve.descriptorLimit / 8, 8), 256)
    private let slow = "GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "

    /// All at once, since each takes the 5 s that a client has.
    @Test func whoKeepsUsWaitingIsHungUpOn() throws {
        let server = try TestHealthServer()
        let silent = try server.connect()
        let drips = try server.connect()
        try drips.send(slow)
        let idle = try server.connect()
        try idle.send(RawConnection.get("/livez"))
        #expect(try idle.answer().status == 200)
        let takesNothing = try server.connect()
        // As much as it takes: it does not read what it could not answer.
        var entry = pollfd(fd: takesNothing.descriptor, events: Int16(POLLOUT), revents: 0)
        let block = Array(String(repeating: RawConnection.get("/metrics"), count: 100).utf8)
        while poll(&entry, 1, 100) == 1, entry.revents & Int16(POLLERR | POLLHUP) == 0 {
            _ = send(takesNothing.descriptor, block, block.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        // A byte now and then is no request.
        while try !drips.wait(for: POLLIN, within: .milliseconds(100)) { _ = try drips.trySend("x") }
        #expect(!(try drips.rest()).contains("200 OK"))
        #expect(try silent.rest() == "")
        #expect(try idle.rest() == "")
        // With answers in between that it never took, the end is a hang-up or a reset.
        #expect(try takesNothing.wait(for: 0))
        #expect(try server.get("/livez").status == 200)
    }

    @Test func whoHasWaitedTheLongestMakesRoomForANewOne() throws {
        let server = try TestHealthServer()
        let slowest = try server.connect()
        try slowest.send(slow)
        let others = try (1..<most).map { _ in
            let connection = try server.connect()
            try connection.send(slow)
            return connection
        }
        for _ in 0..<10 { #expect(try server.get("/livez").status == 200) }
        #expect(try slowest.rest() == "")
        #expect(others.count == most - 1)
    }

    /// Who asks now and then, as a kubelet's or Prometheus' kept connection does, has not kept anybody waiting.
    @Test func whoHasAskedJustNowStays() throws {
        let server = try TestHealthServer()
        let asks = try server.connect()
        let slowest = try server.connect()
        try slowest.send(slow)
        let others = try (2..<most).map { _ in try server.connect() }
        try asks.send(RawConnection.get("/livez"))
        #expect(try asks.answer().status == 200)
        #expect(try server.get("/livez").status == 200)
        #expect(try slowest.rest() == "")
        try asks.send(RawConnection.get("/livez"))
        #expect(try asks.answer().status == 200)
        #expect(others.count == most - 2)
    }

    @Test func theControlSocketHasConnectionsOfItsOwn() throws {
        let server = try TestHealthServer()
        let slow = try (0..<most).map { _ in try server.connect() }
        let connection = try RawConnection(path: server.socket)
        try connection.send(RawConnection.get("/v1/status"))
        #expect(try connection.answer().status == 200)
        #expect(slow.count == most)
    }
}
