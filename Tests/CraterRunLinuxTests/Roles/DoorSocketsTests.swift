import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// The sockets of the front door, from one supervisor to the next.
@Suite(.timeLimit(.minutes(5))) struct DoorSocketsTests {
    private let parking: SocketParking

    init() throws { parking = try SocketParking() }

    /// A supervisor opens sockets at free ports, and is gone.
    ///
    /// - Returns: the ports.
    private func killedSupervisor(opening count: Int = 1) throws -> Set<UInt16> {
        let sockets = DoorSockets(parking: parking)
        for _ in 0..<count {
            let socket = try ListeningSocket(port: 0)
            sockets[try #require(SocketAddress.port(of: socket.descriptor))] = socket
        }
        return sockets.ports
    }

    private func isFree(_ port: UInt16) -> Bool { (try? ListeningSocket(port: port)) != nil }

    @Test func connectionsWaitForTheNextSupervisor() throws {
        let port = try #require(try killedSupervisor().first)
        // Nobody has the socket; the kernel itself takes the connection.
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        try SocketAddress.loopback(port: port).connect(client)
        let next = DoorSockets(parking: parking)
        let listening = try #require(next[port])
        let accepted = accept(listening.descriptor, nil, nil)
        #expect(accepted != -1)
        close(accepted)
        #expect(clinux_descriptor_flags(listening.descriptor) == FD_CLOEXEC)
    }

    @Test func manySupervisorsMayFollow() throws {
        let ports = try killedSupervisor(opening: 3)
        for _ in 0..<5 { #expect(DoorSockets(parking: parking).ports == ports) }
        let last = DoorSockets(parking: parking)
        for port in ports {
            last[port] = nil
            #expect(isFree(port))
        }
    }

    @Test func aPortThatIsClosedIsFree() throws {
        let sockets = DoorSockets(parking: parking)
        let (kept, closed) = (try ListeningSocket(port: 0), try ListeningSocket(port: 0))
        let (keptPort, closedPort) = (
            try #require(SocketAddress.port(of: kept.descriptor)),
            try #require(SocketAddress.port(of: closed.descriptor))
        )
        sockets[keptPort] = kept
        sockets[closedPort] = ListeningSocket(taking: dup(closed.descriptor))
        sockets[closedPort] = nil
        withExtendedLifetime(closed) { #expect(!isFree(closedPort)) }
        #expect(DoorSockets(parking: parking).ports == [keptPort])
    }

    @Test func moreSocketsThanOneMessageCarries() throws {
        let ports = try killedSupervisor(opening: 2 * DescriptorSocket.mostDescriptors + 1)
        #expect(DoorSockets(parking: parking).ports == ports)
    }

    @Test func copiesOfASupervisorThatWasKilledWhileItParkedAreClosed() throws {
        let port: UInt16
        do {
            let socket = try ListeningSocket(port: 0)
            port = try #require(SocketAddress.port(of: socket.descriptor))
            for _ in 0..<2 { #expect(parking.park([socket.descriptor]) == 1) }
        }
        let next = DoorSockets(parking: parking)
        #expect(next.ports == [port] && !isFree(port))
        next[port] = nil
        #expect(isFree(port))
    }

    @Test func withoutTheInitRoleNothingStaysOpen() throws {
        let port: UInt16
        do {
            let parking = try SocketParking()
            let sockets = DoorSockets(parking: parking)
            let socket = try ListeningSocket(port: 0)
            port = try #require(SocketAddress.port(of: socket.descriptor))
            sockets[port] = socket
        }
        #expect(isFree(port))
    }

    @Test func noDescriptorLeaks() async throws {
        try await OwnProcess.run {
            func descriptors() -> Int { Directory.names(in: "/proc/self/fd")?.count ?? -1 }
            _ = try killedSupervisor(opening: 3)
            let before = descriptors()
            for _ in 0..<20 { _ = DoorSockets(parking: parking) }
            #expect(descriptors() == before)
        }
    }

    /// In a process of its own: in this one, other tests' servers may have descriptors of these numbers.
    @Test func bothEndsAreTakenOverIfTheyAreSockets() async throws {
        try await OwnProcess.run {
            for (source, target) in [(parking.passed[0].source, Int32(200)), (parking.passed[1].source, 201)] {
                #expect(dup2(source, target) == target)
            }
            do {
                let taken = try #require(SocketParking(inherited: 200))
                #expect([200, 201].allSatisfy { clinux_descriptor_flags($0) == FD_CLOEXEC })
                let socket = try ListeningSocket(port: 0)
                #expect(taken.park([socket.descriptor]) == 1)
            }
            let received = try #require(parking.take())
            #expect(received.count == 1)
            DescriptorSocket.close(received)
            #expect(clinux_descriptor_flags(200) == -1, "they belonged to the object")
            for first: Int32 in [-1, 2, 99_999, .max] { #expect(SocketParking(inherited: first) == nil) }
            let pipe = try Pipe()
            withExtendedLifetime(pipe) { #expect(SocketParking(inherited: pipe.readEnd) == nil) }
        }
    }
}
