import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// Linux lets a socket connect to itself if the socket gets the very port that it connects to. A client that asks a
/// free port of the ephemeral range often enough would find a server there.
@Suite(.timeLimit(.minutes(5))) struct HTTPExchangeTests {
    /// The ephemeral range is made two ports small, so that a client would connect to itself at once.
    ///
    /// - Parameter mask: of the loopback interface. With 255.255.255.255 the interface has 127.0.0.1 alone, as in some
    ///   sandboxes.
    @Test(.enabled(if: Host.canUnshare), arguments: ["255.0.0.0", "255.255.255.255"])
    func noClientIsItsOwnServer(mask: String) async throws {
        let wrapper = [
            "unshare", "--net", try Tool.path("sh"), "-c",
            #"echo 40000 40001 > /proc/sys/net/ipv4/ip_local_port_range && exec "$@""#, "sh",
        ]
        try await OwnProcess.run(for: mask, behind: wrapper) {
            try bringUpLoopback(mask: mask)
            let other = SocketAddress.ipv4(.secondLoopback, port: 0)
            let hasSecondLoopback = (try? other.bind(other.open())) != nil
            #expect(hasSecondLoopback == (mask == "255.0.0.0"))
            for port: UInt16 in [40_000, 40_001] {
                for _ in 0..<20 {
                    let request = ReadinessRequest(.port(port), path: "/")
                    #expect(request.result().outcome == .silent(reason: "nobody listens at its port"))
                    let server = LocalServer(at: .loopback(port: port), of: .everybody)
                    #expect(throws: LocalServer.Failure.call(SystemCallError(call: "connect", number: ECONNREFUSED))) {
                        try server.answer(
                            to: HTTPRequest(get: "/"), until: MonotonicClock.now().advanced(by: .seconds(30)), limit: 1)
                    }
                }
            }
        }
    }

    /// A new network namespace has its loopback interface down.
    private func bringUpLoopback(mask: String) throws {
        var children = ChildProcesses(inherited: .none)
        let script = """
            import fcntl, socket, struct, sys
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            fcntl.ioctl(s, 0x8914, struct.pack("16sH14s", b"lo", 0x41, b""))
            address = struct.pack("HH4s8s", socket.AF_INET, 0, socket.inet_aton(sys.argv[1]), b"")
            fcntl.ioctl(s, 0x891C, struct.pack("16s16s", b"lo", address))
            """
        #expect(try children.run([try Tool.path("python3"), "-c", script, mask]).status == .exited(code: 0))
    }

    /// The server sees where the client comes from: not from the server's own address.
    @Test func aClientComesFromAnotherAddress() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let exchange = try HTTPExchange(HTTPRequest(get: "/"), at: .loopback(port: listener.port), limit: 1)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(exchange.descriptor, $0, &size) }
        }
        #expect(result == 0 && UInt32(bigEndian: address.sin_addr.s_addr) == SocketAddress.IPv4.secondLoopback.rawValue)
    }

    /// Otherwise a server could not take that port, which may be a rule's, until a minute after the end.
    @Test(arguments: [TestListener.Address.ipv4("127.0.0.1"), .ipv6("::1", only: true)])
    func aClientTakesNoPortFromServers(_ address: TestListener.Address) throws {
        let listener = try TestListener(address)
        let loopback6 = SocketAddress.host(
            HostAddress(bytes: Array(repeating: 0, count: 15) + [1]), port: listener.port)
        let isVersion6 = if case .ipv6 = address { true } else { false }
        let exchange = try HTTPExchange(
            HTTPRequest(get: "/"), at: isVersion6 ? loopback6 : .loopback(port: listener.port), limit: 1)
        var own = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(exchange.descriptor, $0, &size) }
        }
        // The port is at the same place in both families' addresses.
        let port = UInt16(bigEndian: own.sin6_port)
        #expect(result == 0 && port != 0)
        #expect(!PortProbe.isTaken(port))
    }

    /// A deadline counts also where the server never reads, so that a long request does not get through.
    @Test func aRequestThatIsNotReadIsOutOfTime() throws {
        let listener = try TestListener(.ipv4("127.0.0.1"))
        let request = HTTPRequest(post: "/", json: Array(repeating: 0, count: 64 << 20))
        let exchange = try HTTPExchange(request, at: .loopback(port: listener.port), limit: 1)
        let error = #expect(throws: SystemCallError.self) {
            try exchange.waitForResponse(until: MonotonicClock.now().advanced(by: .milliseconds(100)))
        }
        #expect(error?.isTimeout == true)
    }
}
