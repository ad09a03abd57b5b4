import CraterRunCore
import CraterRunDoor
import Testing

/// How the body of a button's form comes, and what follows it on the connection.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct HomeFormBodyTests {
    private static let start = "app=jupyter&do=start"
    private static let tiles = TestDoor.request(".crater-run/tiles", [HomeDoor.bearer])

    @Test func aBodyComesInPieces() throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(length: Self.start.utf8.count, [HomeDoor.bearer, "Expect: 100-continue"]))
        #expect(try client.head() == "HTTP/1.1 100 Continue\r\n\r\n")
        for byte in Self.start.utf8.dropLast() { try client.send([byte]) }
        try home.door.roundTrip()
        #expect(try home.commands().isEmpty)
        try client.send("t")
        #expect(try client.head().hasPrefix("HTTP/1.1 204 "))
        #expect(try home.commands() == ["start jupyter"])
    }

    @Test func theNextRequestIsAnswered() throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        for _ in 0..<3 {
            try client.send(HomeDoor.press(Self.start, [HomeDoor.bearer]))
            #expect(try client.head().hasPrefix("HTTP/1.1 204 "))
            #expect(try home.commands() == ["start jupyter"])
        }
        try client.send(Self.tiles)
        #expect(try client.head().hasPrefix("HTTP/1.1 200 "))
    }

    /// Answers come in the order of the requests, and so do commands; the end of the input takes none away.
    @Test func whatIsBehindAFormIsAnsweredAfterIt() throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        let stop = HomeDoor.press("app=tensorboard&do=stop", [HomeDoor.bearer])
        try client.send(HomeDoor.press(Self.start, [HomeDoor.bearer]) + stop + Self.tiles)
        client.shutDown()
        for status in ["204", "204", "200"] { #expect(try client.head().hasPrefix("HTTP/1.1 \(status) ")) }
        let (fragment, end) = try client.rest()
        #expect(fragment.hasSuffix("</ul>"))
        #expect(end == .closed)
        #expect(try home.commands() == ["start jupyter", "stop tensorboard"])
    }

    /// A form without its length, or a longer one than any of ours, is not read.
    @Test(arguments: [
        ("Transfer-Encoding: chunked", 411), ("Content-Length: 16385", 413),
        ("Content-Length: 999999999999999999", 413),
    ])
    func aBodyThatMayBeLongIsRefused(field: String, status: Int) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.pressHead([HomeDoor.bearer, field, "Expect: 100-continue"]))
        let head = try client.head()
        #expect(head.hasPrefix("HTTP/1.1 \(status) "))
        #expect(head.contains("\r\nConnection: close\r\n"))
        // Nothing that comes as its body is a request.
        try client.send("14\r\n\(Self.start)\r\n0\r\n\r\n" + HomeDoor.press(Self.start, [HomeDoor.bearer]))
        client.shutDown()
        #expect(try client.rest().end == .closed)
        #expect(try home.commands().isEmpty)
    }

    @Test func theLongestBodyIsRead() throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        let form = Self.start + "&x="
        try client.send(
            HomeDoor.press(form + String(repeating: "a", count: 16_384 - form.utf8.count), [HomeDoor.bearer]))
        #expect(try client.head().hasPrefix("HTTP/1.1 204 "))
        #expect(try home.commands() == ["start jupyter"])
    }

    /// The limit is one for the whole body, however often a piece comes.
    @Test func aBodyThatDoesNotComeIsGivenUp() throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(length: 100, [HomeDoor.bearer]) + Self.start)
        try home.door.roundTrip()
        home.door.loop.sweep(20)
        try client.send("&")
        try home.door.roundTrip()
        home.door.loop.sweep(20)
        client.shutDown()
        let (text, end) = try client.rest()
        #expect(text.hasPrefix("HTTP/1.1 408 "))
        #expect(end == .closed)
        #expect(try home.commands().isEmpty)
    }

    @Test(arguments: [true, false]) func aClientThatLeavesBeforeTheEndStartsNothing(resets: Bool) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(length: Self.start.utf8.count + 1, [HomeDoor.bearer]) + Self.start)
        try home.door.roundTrip()
        if resets { client.reset() } else { client.close() }
        try home.door.roundTrip()
        #expect(try home.commands().isEmpty)
    }

    /// What was asked for is done once, also if nobody reads the answer.
    @Test func aClientThatLeavesBeforeTheAnswerHasItsWish() throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(Self.start, [HomeDoor.bearer]))
        client.close()
        let wanted = try home.door.link.reply { if case .command = $0 { true } else { false } }
        #expect(wanted == .command(app: "jupyter", .start))
        try home.door.roundTrip()
        #expect(try home.commands().isEmpty)
    }
}
