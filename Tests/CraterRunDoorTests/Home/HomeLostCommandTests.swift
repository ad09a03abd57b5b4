import CraterRunCore
import Testing

/// A command that the supervisor cannot be told is no success.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct HomeLostCommandTests {
    @Test(arguments: [[], ["Accept: text/html"]]) func theReaderLearnsOfIt(fields: [String]) throws {
        let home = try HomeDoor()
        let frame = try #require(DoorMessage.ping(1).frame())
        let pings = [UInt8]((0..<1000).flatMap { _ in frame })
        // Nobody reads the answers, which fill the link after a while.
        let client = try home.door.connect()
        var head = ""
        repeat {
            try home.door.link.sendAll(pings)
            try client.send(HomeDoor.press("app=jupyter&do=start", [HomeDoor.bearer] + fields))
            head = try client.head()
        } while head.hasPrefix("HTTP/1.1 204 ") || head.hasPrefix("HTTP/1.1 303 ")
        #expect(head.hasPrefix("HTTP/1.1 503 "))
        #expect(head.contains("\r\nRetry-After: 10\r\n"))
        #expect(try client.read(through: "\n").hasPrefix("crater-run: the supervisor takes no commands now"))
        // The connection goes on, and so does the page.
        try client.send(TestDoor.request("", [HomeDoor.bearer]))
        #expect(try client.head().hasPrefix("HTTP/1.1 200 "))
    }
}
