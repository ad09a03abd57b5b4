import CraterRunCore
import CraterRunDoor
import Testing

/// What a supervisor tells a door, and what it is told.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct LinkTests {
    @Test func pingsAreAnswered() throws {
        let door = try TestDoor(nil)
        for number in [UInt64(7), .max] {
            try door.link.send(.ping(number))
            #expect(try door.link.reply { $0 == .pong(number) } == .pong(number))
        }
    }

    @Test func aFrameMayComeInPieces() throws {
        let door = try TestDoor(nil)
        let frame = try #require(DoorMessage.ping(9).frame())
        for byte in frame { try door.link.send([byte]) }
        #expect(try door.link.reply { $0 == .pong(9) } == .pong(9))
    }

    @Test func newRoutesHoldForTheNextRequest() throws {
        let (one, other) = (try ScriptedApp(), try ScriptedApp())
        let door = try TestDoor(one)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try one.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        _ = try client.head()
        try door.route(other, generation: 2)
        // The connection to the app that has gone is not kept.
        #expect(try connection.rest() == ("", .closed))
        try client.send(TestDoor.request("more"))
        #expect(try other.accept().head().contains("/more "))
    }

    @Test func activityIsToldOnce() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        door.loop.sweep(1)
        let busy = try door.link.activity { _ in true }
        #expect(busy.app == "tensorboard" && busy.requests == 1 && busy.open == 1 && busy.lastUse != nil)
        try connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        _ = try client.head()
        door.loop.sweep(2)
        try door.link.send(.ping(1))
        var told = 0
        _ = try door.link.reply {
            if case .activity(let all) = $0 { told += all.count }
            return $0 == .pong(1)
        }
        #expect(told == 1)
    }

    @Test func aClosedPortAcceptsNothing() throws {
        let door = try TestDoor(nil)
        try door.link.send(.close(ports: [door.port]))
        // The time limit is the test's own.
        while (try? door.connect()) != nil {}
    }

    @Test func theLinksEndIsTheDoors() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        door.link.close()
        _ = try connection.rest()
        #expect(door.link.ending.with { $0 } == [nil])
    }

    @Test func nonsenseEndsTheDoor() throws {
        let door = try TestDoor(nil)
        let client = try door.connect()
        try door.link.send([255, 255, 255, 255])
        _ = try client.rest()
        #expect(door.link.ending.with { $0.first }?.flatMap { $0 } != nil)
    }

    /// A message about sockets that have not come.
    @Test func missingSocketsEndTheDoor() throws {
        let door = try TestDoor(nil)
        let client = try door.connect()
        try door.link.send(.listen(ports: [1234]))
        _ = try client.rest()
        #expect(door.link.ending.with { $0 } == ["sockets are missing"])
    }
}
