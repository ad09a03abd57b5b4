import CraterRunCore
import Testing

struct ListenerTests {
    private static let header =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

    /// /proc/net/tcp of Linux 6.1: a TensorBoard on all addresses, one on loopback, a connection to the first, another port.
    private static let tcp =
        header
            + """
               0: 00000000:1776 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 24601 1 0000000000000000 100 0 0 10 0
               1: 0100007F:1777 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 24602 1 0000000000000000 100 0 0 10 0
               2: 0100007F:1776 0100007F:C350 01 00000000:00000000 02:000004E2 00000000  1000        0 24603 2 0000000000000000 20 4 30 10 -1
               3: 0500000A:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 24604 1 0000000000000000 100 0 0 10 0

            """

    /// /proc/net/tcp6: dual-stack, ::1, and two IPv4 addresses in IPv6's clothes.
    private static let tcp6 =
        "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when "
        + "retrnsmt   uid  timeout inode\n"
            + """
               0: 00000000000000000000000000000000:1776 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31001 1 0000000000000000 100 0 0 10 0
               1: 00000000000000000000000001000000:1777 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31002 1 0000000000000000 100 0 0 10 0
               2: 0000000000000000FFFF00000100007F:1778 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31003 1 0000000000000000 100 0 0 10 0
               3: 0000000000000000FFFF00000500000A:1779 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 31004 1 0000000000000000 100 0 0 10 0

            """

    struct Case: Sendable {
        let isVersion6: Bool
        let port: UInt16
        let listeners: [Listener]
    }

    @Test(arguments: [
        Case(
            isVersion6: false,
            port: 6006,
            listeners: [Listener(port: 6006, isLoopback: false, inode: 24601, uid: 1000)]
        ),
        Case(
            isVersion6: false,
            port: 6007,
            listeners: [Listener(port: 6007, isLoopback: true, inode: 24602, uid: 0)]
        ),
        Case(isVersion6: false, port: 22, listeners: [Listener(port: 22, isLoopback: false, inode: 24604, uid: 0)]),
        Case(isVersion6: false, port: 50000, listeners: []),
        Case(isVersion6: true, port: 6006, listeners: [Listener(port: 6006, isLoopback: false, inode: 31001, uid: 0)]),
        Case(isVersion6: true, port: 6007, listeners: [Listener(port: 6007, isLoopback: true, inode: 31002, uid: 0)]),
        Case(isVersion6: true, port: 6008, listeners: [Listener(port: 6008, isLoopback: true, inode: 31003, uid: 0)]),
        Case(isVersion6: true, port: 6009, listeners: [Listener(port: 6009, isLoopback: false, inode: 31004, uid: 0)]),
    ])
    func readsTheKernelsTables(_ case: Case) {
        let table = `case`.isVersion6 ? Self.tcp6 : Self.tcp
        let listeners = Listener.parse(Array(table), port: `case`.port)
        #expect(
            listeners.map { Listener(port: $0.port, isLoopback: $0.isLoopback, inode: $0.inode, uid: $0.uid) }
                == `case`.listeners)
        #expect(listeners.allSatisfy { $0.address != nil })
    }

    @Test(arguments: [
        "0100007F", "0200007F", "FFFFFF7F", "0000000000000000FFFF00000100007F", "0000000000000000FFFF00000300007F",
        "00000000000000000000000001000000",
    ])
    func tellsLoopbackAddresses(_ address: String) {
        #expect(parse(address: address).map(\.isLoopback) == [true])
    }

    @Test(arguments: [
        "00000000", "0500000A", "7F000001", "00000000000000000000000000000000", "00000000000000000000000002000000",
        "0000000000000000FFFF000000000000", "000080FE00000000000000000100007F", "B80D01200000000000000000010000FF",
        "7F", "",
    ])
    func tellsOtherAddresses(_ address: String) {
        #expect(parse(address: address).contains { $0.isLoopback } == false)
    }

    private func parse(address: String) -> [Listener] {
        let line = "   0: \(address):1776 00000000:0000 0A 0:0 00:0 0  1000        0 1 1 0 100 0 0 10 0\n"
        return Listener.parse(Array(Self.header + line), port: 6006)
    }

    @Test(arguments: [
        "", "\n", "\n\n\n", "\0", "   0: 00000000:1776", "0: 00000000 00000000:0000 0A 0:0 00:0 0 0 0 1 1",
        "0: 00000000:1776:1 00000000:0000 0A 0:0 00:0 0 0 0 1 1",
        "0: 00000000:11776 00000000:0000 0A 0:0 00:0 0 0 0 1 1",
        "0: 00000000:1776 00000000:0000 0A 0:0 00:0 0 x 0 1 1", "0: 00000000:1776 00000000:0000 0A 0:0 00:0 0 0 0 x 1",
        "0: 00000000:1776 00000000:0000 0A 0:0 00:0 0 0 0 99999999999999999999 1",
    ])
    func passesGarbageOver(_ line: String) {
        #expect(Listener.parse(Array(line), port: 6006) == [])
        #expect(Listener.parse(Array(Self.header + line), port: 6006) == [])
        let good = Self.tcp.split(separator: "\n")[1]
        #expect(Listener.parse(Array(Self.header + line + "\n" + good), port: 6006).map(\.inode) == [24601])
    }

    /// What keeps a port to which nobody listens: 0 is a connection that has ended.
    @Test func findsTheConnectionsOfAPort() {
        let ended = "   0: 0200007F:1776 0100007F:52DC 06 00000000:00000000 03:00000B6E 00000000     0        0 0 3 0\n"
        #expect(Listener.connections(Array(Self.tcp + ended), at: 6006) == [24603, 0])
        #expect(Listener.connections(Array(Self.tcp + ended), at: 6007) == [])
        #expect(Listener.parse(Array(Self.header + ended), port: 6006) == [])
    }

    @Test func survivesEveryCutOfATable() {
        let table = Array(Self.tcp)
        for length in 0..<table.count { #expect(Listener.parse(Array(table.prefix(length)), port: 6006).count <= 1) }
    }

    @Test func findsEveryListenerAtAPort() {
        let line = "   0: 00000000:1776 00000000:0000 0A 0:0 00:0 0  0        0 INODE 1 0 100 0 0 10 0\n"
        let lines = (1...3).map { line.replacing("INODE", with: "\($0)") }.joined()
        #expect(Listener.parse(Array(Self.header + lines), port: 6006).map(\.inode) == [1, 2, 3])
    }
}

struct ListenerOwnerTests {
    private let everywhere = Listener(port: 6006, isLoopback: false, inode: 1, uid: 0)
    private let loopback = Listener(port: 6006, isLoopback: true, inode: 2, uid: 0)

    private func decide(_ listeners: [Listener], owned: Set<UInt64>, isComplete: Bool = true) -> ListenerOwner {
        ListenerOwner.decide(listeners, owned: owned, isComplete: isComplete) { inodes in
            "holder of \(inodes.sorted())"
        }
    }

    @Test func isTheAppsWhereItHoldsAListener() {
        #expect(decide([everywhere], owned: [1, 7]) == .app(loopbackOnly: false))
        #expect(decide([everywhere, loopback], owned: [1, 2]) == .app(loopbackOnly: false))
        // However little of the app could be seen.
        #expect(decide([everywhere], owned: [1], isComplete: false) == .app(loopbackOnly: false))
    }

    @Test func isOutOfReachWhereAllOfTheAppsListenersAreOnLoopback() {
        #expect(decide([loopback], owned: [2]) == .app(loopbackOnly: true))
        // Another's listener does not make it reachable.
        #expect(decide([loopback, everywhere], owned: [2]) == .app(loopbackOnly: true))
    }

    @Test func isAnothersWhereThatIsProved() {
        #expect(decide([everywhere, loopback], owned: [7]) == .another(holder: "holder of [1, 2]"))
        #expect(decide([everywhere], owned: []) == .another(holder: "holder of [1]"))
    }

    @Test func isUnknownWhereNothingIsProved() {
        #expect(decide([everywhere], owned: [7], isComplete: false) == .unknown)
        #expect(decide([everywhere, loopback], owned: [7], isComplete: false) == .unknown)
        // Whoever it is: no ingress gets there.
        #expect(decide([loopback], owned: [7], isComplete: false) == .app(loopbackOnly: true))
        #expect(decide([], owned: [7]) == .unknown)
        #expect(decide([], owned: []) == .unknown)
    }
}
