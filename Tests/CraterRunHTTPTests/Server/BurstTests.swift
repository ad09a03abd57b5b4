import CraterRunCore
import CraterRunLinux
import Glibc
import Testing

/// Who sends much at once.
@Suite(.serialized, .timeLimit(.minutes(TestTime.limit)))
struct BurstTests {
    /// They wait behind one whose answer takes a turn of the reactor, and are there all at once when that is given.
    @Test func thousandsOfRequestsInOnePieceAreAnsweredOneByOne() throws {
        let server = try TestHealthServer()
        let connection = try server.connect()
        let count = 2000
        let other = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for _ in 0..<3 {
            try connection.send(RawConnection.get("/livez") + String(repeating: other, count: count))
            #expect(try connection.answer().status == 200)
            for _ in 0..<count { #expect(try connection.answer().status == 404) }
        }
    }

    /// What nobody reads is not made.
    @Test func whoReadsNoAnswersKeepsNobodyWaitingAndFillsNoMemory() throws {
        let server = try TestHealthServer()
        let before = try #require(ProcessUsage.own()).residentBytes
        let greedy = try (0..<8).map { _ in try server.connect() }
        let block = Array(String(repeating: RawConnection.get("/metrics"), count: 500).utf8)
        for connection in greedy {
            _ = send(connection.descriptor, block, block.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        for _ in 0..<20 { #expect(try server.get("/livez").status == 200) }
        let after = try #require(ProcessUsage.own()).residentBytes
        #expect(after - before < 50e6)
        #expect(greedy.count == 8)
    }

    /// Nobody but who may change something has a body taken.
    @Test func aBodyIsNotTakenWhereItIsOfNoUse() throws {
        let server = try TestHealthServer()
        let connection = try RawConnection(path: server.socket)
        try connection.send("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000\r\n\r\nbody")
        #expect(try connection.answer().status == 413)
        #expect(try connection.rest() == "")
        let refused = try server.ask(
            "POST /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=b")
        #expect(refused.status == 405 && refused.headers["allow"] == "GET, HEAD")
    }
}
