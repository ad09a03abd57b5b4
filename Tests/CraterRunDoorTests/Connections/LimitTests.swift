import CraterRunCore
import CraterRunDoor
import Testing

/// Time is counted by hand here: no test waits for it.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct LimitTests {
    @Test func aHeadThatDoesNotEndIsGivenUp() throws {
        let door = try TestDoor(try ScriptedApp())
        let client = try door.connect()
        try client.send("GET / HTTP/1.1\r\n")
        try door.roundTrip()
        door.loop.sweep(20)
        try client.send("X-A: b\r\n")
        try door.roundTrip()
        door.loop.sweep(20)
        client.shutDown()
        let (text, end) = try client.rest()
        #expect(text.hasPrefix("HTTP/1.1 408 "))
        #expect(end == .closed)
    }

    @Test func aKeptConnectionIsClosedInTheEnd() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 204 No Content\r\n\r\n")
        _ = try client.head()
        door.loop.sweep(89)
        #expect(!client.hasNews)
        #expect(try connection.rest() == ("", .closed))
        door.loop.sweep(3)
        #expect(try client.rest() == ("", .closed))
    }

    @Test func anAppMayTakeAsLongAsItLikes() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        door.loop.sweep(5_000)
        try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")
        _ = try client.head()
        door.loop.sweep(5_000)
        try connection.send("k")
        #expect(try client.text(2) == "ok")
    }

    /// A client that has shut its output waits for an answer, or is gone.
    @Test func aHalfClosedClientIsGivenUpWithoutProgress() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app)
        let client = try door.connect()
        try client.send(TestDoor.request())
        let connection = try app.accept()
        _ = try connection.head()
        client.shutDown()
        try door.roundTrip()
        door.loop.sweep(90)
        #expect(try connection.rest() == ("", .closed))
    }

    /// Further clients wait to be accepted, and get their answer when others have gone.
    @Test(arguments: [true, false]) func aFullDoorLetsClientsWait(isIdleClosed: Bool) throws {
        let door = try TestDoor(nil, descriptors: 64 + 2 * 2)
        let first = [try door.connect(), try door.connect()]
        for client in first {
            try client.send(TestDoor.request())
            #expect(try client.head().hasPrefix("HTTP/1.1 503 "))
        }
        let third = try door.connect()
        try third.send(TestDoor.request())
        door.loop.sweep(0)
        #expect(!third.hasNews)
        if isIdleClosed { door.loop.sweep(10) } else { first[0].close() }
        #expect(try third.head().hasPrefix("HTTP/1.1 503 "))
    }

    /// A client that sends requests and reads no answer is not read from for ever.
    @Test func answersThatNobodyReadsAreBounded() throws {
        let door = try TestDoor(nil)
        let client = try door.connect()
        let requests = Array(String(repeating: TestDoor.request(), count: 1000).utf8)
        var (sent, turnsWithoutRoom) = (0, 0)
        while sent < 32 << 20, turnsWithoutRoom < 20 {
            let count = client.sendNow(requests[(sent % requests.count)...])
            try #require(count >= 0)
            sent += count
            turnsWithoutRoom = count == 0 ? turnsWithoutRoom + 1 : 0
            if count == 0 { door.loop.sweep(0) }
        }
        #expect(sent < 32 << 20)
    }
}
