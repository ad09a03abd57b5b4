import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// Each in a process of its own: where another test spawns, its child has a copy of each socket for a moment.
@Suite(.timeLimit(.minutes(5))) struct PortProbeTests {
    static let addresses: [TestListener.Address] = [
        .ipv4("0.0.0.0"), .ipv4("127.0.0.1"), .ipv4("127.0.0.53"), .ipv6("::", only: false), .ipv6("::", only: true),
        .ipv6("::1", only: true),
    ]

    @Test(arguments: addresses)
    func aListenerAtAnyAddressTakesThePort(_ address: TestListener.Address) async throws {
        try await OwnProcess.run(for: "\(address)") {
            let listener = try TestListener(address)
            #expect(PortProbe.isTaken(listener.port))
            #expect(PortProbe.holder(of: listener.port)?.hasSuffix("(pid \(getpid()))") == true)
            listener.close()
            #expect(!PortProbe.isTaken(listener.port))
            #expect(PortProbe.holder(of: listener.port) == nil)
        }
    }

    @Test func aPortIsFreeWhileConnectionsOfTheLastServerLinger() async throws {
        try await OwnProcess.run {
            let listener = try TestListener()
            let client = try connect(to: listener.port)
            let connection = try #require(listener.accept())
            // Open connections of a server that is gone, then TIME_WAIT on the server's side.
            listener.close()
            #expect(!PortProbe.isTaken(listener.port))
            close(connection)
            #expect(Wait.untilReadable(client))
            close(client)
            #expect(!PortProbe.isTaken(listener.port))
        }
    }

    /// Clients of other programs, whose port may be a rule's.
    @Test func connectionsAloneAreToldFromListeners() async throws {
        try await OwnProcess.run {
            let listener = try TestListener(.ipv4("127.0.0.1"))
            let client = try connect(to: listener.port)
            let connection = try #require(listener.accept())
            var own = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutablePointer(to: &own) { pointer in
                _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(client, $0, &size) }
            }
            let port = UInt16(bigEndian: own.sin_port)
            let start = "nobody listens at port \(port), but it is in use by "
            #expect(PortProbe.isTaken(port))
            #expect(PortProbe.connections(at: port)?.hasPrefix("\(start)a connection of ") == true)
            #expect(PortProbe.connections(at: port)?.contains("(pid \(getpid()))") == true)
            // The client ends first, so its end lingers.
            close(client)
            #expect(Wait.untilReadable(connection))
            close(connection)
            #expect(Wait.until { PortProbe.connections(at: port)?.contains("TIME-WAIT") == true })
            #expect(PortProbe.isTaken(port))
            let launcher = AppLauncher(app: TestApp(), executable: nil, nonce: 1)
            guard case .temporary(let reason) = launcher.portInUse(port) else {
                Issue.record("not temporary")
                return
            }
            #expect(reason.hasPrefix(start))
            // Where somebody listens, connections do not matter.
            #expect(PortProbe.connections(at: listener.port) == nil)
        }
    }

    @Test func anAppsListenerIsItsOwn() async throws {
        try await OwnProcess.run {
            for (address, isLoopback) in [
                (TestListener.Address.ipv4("0.0.0.0"), false), (.ipv4("127.0.0.1"), true),
                (.ipv6("::", only: false), false),
                (.ipv6("::1", only: true), true), (.ipv6("::ffff:127.0.0.1", only: false), true),
            ] {
                let listener = try TestListener(address)
                // A child holds the socket too; then it alone.
                var children = ChildProcesses(inherited: .none)
                let pid = try children.spawn([try Tool.path("sleep"), "1000"], output: listener.descriptor)
                let row = try #require(ProcessTable.row(of: pid))
                #expect(PortProbe.owner(of: listener.port, members: [row]) == .app(loopbackOnly: isLoopback))
                listener.close()
                #expect(PortProbe.owner(of: listener.port, members: [row]) == .app(loopbackOnly: isLoopback))
                #expect(PortProbe.holder(of: listener.port) == "sleep (pid \(pid))")
                #expect(PortProbe.isTaken(listener.port))
                kill(pid, SIGKILL)
                #expect(children.end(of: pid) == .signaled(.kill))
                #expect(!PortProbe.isTaken(listener.port))
            }
        }
    }

    @Test func whoseListenerItIsIsSaidOnlyWhereItIsProved() async throws {
        try await OwnProcess.run {
            let listener = try TestListener()
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawn([try Tool.path("sleep"), "1000"])
            let row = try #require(ProcessTable.row(of: pid))
            let own = try #require(ProcessTable.row(of: getpid()))
            #expect(
                PortProbe.owner(of: listener.port, members: [row]) == .another(holder: "\(own.name) (pid \(getpid()))"))
            // One of the app's processes is the holder.
            #expect(PortProbe.owner(of: listener.port, members: [row, own]) == .app(loopbackOnly: false))
            // Without members, or with one that cannot be looked at, nothing is proved.
            #expect(PortProbe.owner(of: listener.port, members: []) == .unknown)
            kill(pid, SIGKILL)
            _ = children.end(of: pid)
            #expect(PortProbe.owner(of: listener.port, members: [row]) == .unknown)
            // Nobody listens.
            listener.close()
            #expect(PortProbe.owner(of: listener.port, members: [own]) == .unknown)
        }
    }

    private func connect(to port: UInt16) throws -> Int32 {
        let address = SocketAddress.loopback(port: port)
        let client = try address.open()
        do throws(SystemCallError) { try address.connect(client) } catch { #expect(error.number == EINPROGRESS) }
        #expect(Wait.untilWritable(client))
        return client
    }
}
