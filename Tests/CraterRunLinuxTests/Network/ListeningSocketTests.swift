import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ListeningSocketTests {
    @Test func listensAtIPv4Too() throws {
        let socket = try ListeningSocket(port: 0)
        let port = try #require(SocketAddress.port(of: socket.descriptor))
        // The kernel accepts the connection itself: nobody has to.
        let descriptor = try SocketAddress.loopback(port: port).open()
        defer { close(descriptor) }
        var failure: Int32 = 0
        do throws(SystemCallError) { try SocketAddress.loopback(port: port).connect(descriptor) } catch {
            failure = error.number
        }
        #expect([0, EINPROGRESS].contains(failure))
        #expect(PortProbe.isTaken(port))
    }

    @Test func aTakenPortIsSaidToBe() throws {
        let first = try ListeningSocket(port: 0)
        let port = try #require(SocketAddress.port(of: first.descriptor))
        #expect { try ListeningSocket(port: port) } throws: { ($0 as? SystemCallError)?.number == EADDRINUSE }
        withExtendedLifetime(first) {}
    }
}
