import CraterRunCore
import CraterRunDoor
import Testing

/// After the app's 101, bytes pass in both directions as they are.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct TunnelTests {
    private static let accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"

    /// The two ends of a tunnel.
    private func tunnel(
        _ door: TestDoor, _ app: ScriptedApp, receiveBuffer: Int32? = nil
    ) throws -> (client: Peer, app: Peer) {
        let client = try door.connect(receiveBuffer: receiveBuffer)
        try client.send(TestDoor.upgrade())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send(TunnelTests.accepted + "\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 101 "))
        return (client, connection)
    }

    @Test func theAppChoosesTheProtocol() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(
            TestDoor.upgrade(["Sec-WebSocket-Protocol: a, b", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]))
        let connection = try app.accept()
        let request = try connection.head()
        #expect(request.contains("\r\nSec-WebSocket-Protocol: a, b\r\n"))
        #expect(request.contains("\r\nUpgrade: websocket\r\n"))
        #expect(request.lowercased().contains("\r\nconnection: upgrade\r\n"))
        try connection.send(TunnelTests.accepted + "Sec-WebSocket-Protocol: b\r\n\r\n")
        let response = try client.head()
        #expect(response.hasPrefix("HTTP/1.1 101 "))
        #expect(response.contains("\r\nSec-WebSocket-Protocol: b\r\n"))
    }

    @Test func aRefusedUpgradeIsAResponseLikeOthers() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.upgrade())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
        #expect(try client.read(through: "\r\n\r\nno").hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        // Neither connection is lost or leaked.
        try client.send(TestDoor.request("next"))
        #expect(try connection.head().contains("/next "))
    }

    @Test func anUpgradeMayBeTheSecondRequest() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let first = try app.accept()
        _ = try first.head()
        try first.send("HTTP/1.1 204 No Content\r\n\r\n")
        _ = try client.head()
        try client.send(TestDoor.upgrade())
        let second = try app.accept()
        _ = try second.head()
        try second.send(TunnelTests.accepted + "\r\n")
        _ = try client.head()
        try client.send([0x81, 0x00])
        #expect(try second.read(2) == [0x81, 0x00])
    }

    /// What either end sends in the same segment as its head belongs to the tunnel.
    @Test func earlyBytesAreNotLost() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.upgrade() + "from the client")
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send(TunnelTests.accepted + "\r\nfrom the app")
        _ = try client.head()
        #expect(try client.text(12) == "from the app")
        #expect(try connection.text(15) == "from the client")
    }

    @Test func theClientMayEndItsSideFirst() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let (client, connection) = try tunnel(door, app)
        try client.send("last words")
        client.shutDown()
        #expect(try connection.rest() == ("last words", .closed))
        let size = 4 << 20
        try connection.send([UInt8](repeating: 1, count: size))
        connection.close()
        #expect(try client.read(size) == [UInt8](repeating: 1, count: size))
        #expect(try client.rest() == ("", .closed))
    }

    @Test func theAppMayEndItsSideFirst() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let (client, connection) = try tunnel(door, app)
        try connection.send("last words")
        connection.shutDown()
        #expect(try client.rest() == ("last words", .closed))
        let size = 4 << 20
        try client.send([UInt8](repeating: 1, count: size))
        client.close()
        #expect(try connection.read(size) == [UInt8](repeating: 1, count: size))
        #expect(try connection.rest() == ("", .closed))
    }

    @Test(arguments: [true, false]) func aBrokenEndEndsTheOther(isClient: Bool) throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let (client, connection) = try tunnel(door, app)
        let (broken, other) = isClient ? (client, connection) : (connection, client)
        broken.reset()
        _ = try other.rest()
        door.loop.sweep(1)
        let use = try door.link.activity { $0.tunnels == 0 }
        #expect(use.requests == 1)
        #expect(use.open == 0)
    }

    /// What the app has sent at last is not lost if the client still sends.
    @Test func theLastWordsOfABrokenAppArrive() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let (client, connection) = try tunnel(door, app, receiveBuffer: 4096)
        let words = [UInt8](repeating: 1, count: 60_000)
        try connection.send(words)
        connection.shutDown()
        for _ in 0..<3 { try door.roundTrip() }
        connection.reset()
        try door.roundTrip()
        door.loop.sweep(1)
        _ = try door.link.activity { $0.tunnels == 0 }
        try client.send("still here")
        #expect(try client.read(words.count) == words)
        client.shutDown()
        #expect(try client.rest() == ("", .closed))
    }

    @Test func largeMessagesPassWithBackPressure() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let (client, connection) = try tunnel(door, app)
        try flood(from: client, to: connection, size: 32 << 20, afterHead: {}, door)
        try flood(from: connection, to: client, size: 32 << 20, afterHead: {}, door)
    }

    /// A 101 that nobody asked for is no response.
    @Test func anUninvitedSwitchIsRefused() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send(TunnelTests.accepted + "\r\n")
        #expect(try client.head().hasPrefix("HTTP/1.1 502 "))
        #expect(try connection.rest().text.isEmpty)
    }

    /// An idle tunnel has no time limit.
    @Test func silenceEndsNothing() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let (client, connection) = try tunnel(door, app)
        door.loop.sweep(5_000)
        try client.send("still")
        #expect(try connection.text(5) == "still")
        door.loop.sweep(1)
        #expect(try door.link.activity { $0.received == 5 && $0.tunnels == 1 }.lastUse != nil)
    }
}
