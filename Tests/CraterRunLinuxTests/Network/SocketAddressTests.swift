import Glibc
import Testing

@testable import CraterRunLinux

@Suite struct SocketAddressTests {
    @Test(arguments: [0, 107, 108, 4096]) func aUnixSocketsPathHasALimit(length: Int) throws {
        let address = SocketAddress.unix(path: String(repeating: "x", count: length))
        let descriptor = try address.open()
        defer { close(descriptor) }
        let error = #expect(throws: SystemCallError.self) { try address.connect(descriptor) }
        #expect((error?.number == ENAMETOOLONG) == (length > 107))
        #expect(!address.isServed)
    }

    @Test func anErrorNamesThePathThatPeopleKnow() throws {
        let address = SocketAddress.unix(path: "/nowhere/x.sock")
        let descriptor = try address.open()
        defer { close(descriptor) }
        #expect(throws: SystemCallError(call: "connect", subject: "/nowhere/x.sock", number: ENOENT)) {
            try address.connect(descriptor)
        }
        #expect(throws: SystemCallError(call: "bind", subject: "/run/x", number: ENOENT)) {
            try address.bind(descriptor, on: "/run/x")
        }
    }

    /// Linux connects a socket that is bound to the address that it connects to, to itself.
    @Test func noticesAConnectionToItself() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let address = SocketAddress.loopback(port: listener.port)
        let client = try address.open()
        defer { close(client) }
        do throws(SystemCallError) { try address.connect(client) } catch { #expect(error.number == EINPROGRESS) }
        #expect(Wait.untilWritable(client))
        #expect(!SocketAddress.isConnectedToItself(client))

        var own: Int32?
        for _ in 0..<100 where own == nil {
            let address = SocketAddress.loopback(port: UInt16.random(in: 20_000..<30_000))
            let descriptor = try address.open()
            if (try? address.bind(descriptor)) != nil {
                #expect(!SocketAddress.isConnectedToItself(descriptor))
                do throws(SystemCallError) { try address.connect(descriptor) } catch {
                    #expect(error.number == EINPROGRESS)
                }
                own = descriptor
            } else {
                close(descriptor)
            }
        }
        let descriptor = try #require(own)
        defer { close(descriptor) }
        #expect(Wait.untilWritable(descriptor))
        #expect(SocketAddress.isConnectedToItself(descriptor))
    }
}
