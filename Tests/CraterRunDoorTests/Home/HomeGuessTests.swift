import CraterRunCore
import Testing

/// A key that a button's request gives is a guess before anything is answered.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct HomeGuessTests {
    /// Short enough to be guessed.
    private static let key = "sesame-open"

    private func press(_ key: String, _ fields: [String]) -> String {
        HomeDoor.pressHead(["Authorization: Bearer \(key)"] + fields)
    }

    /// What shows that the key is right comes after the answers to the wrong keys before.
    @Test(arguments: [
        (["Content-Length: 20", "Expect: 100-continue"], "100"), (["Content-Length: 99999"], "413"), ([], "404"),
    ])
    func aRightKeyWaitsBehindWrongOnes(fields: [String], status: String) throws {
        let home = try HomeDoor(key: Self.key)
        let others = try (0..<4).map { _ in try home.door.connect() }
        for (index, other) in others.enumerated() {
            try other.send(press("wrong-\(index)", fields))
            try home.door.roundTrip()
        }
        let client = try home.door.connect()
        try client.send(press(Self.key, fields))
        #expect(try client.head().hasPrefix("HTTP/1.1 \(status) "))
        // The last of them may go out at the same time.
        for other in others.dropLast() {
            #expect(other.hasNews)
            #expect(try other.head().hasPrefix("HTTP/1.1 401 "))
        }
    }

    /// The body is read after the wait as it is without one.
    @Test func theBodyIsReadAfterTheWait() throws {
        let home = try HomeDoor(key: Self.key)
        let other = try home.door.connect()
        try other.send(press("wrong", []))
        try home.door.roundTrip()
        let form = "app=jupyter&do=start"
        let client = try home.door.connect()
        let whole = press(Self.key, ["Content-Length: \(form.utf8.count)"]) + form
        try client.send(whole + whole)
        for _ in 0..<2 { #expect(try client.head().hasPrefix("HTTP/1.1 204 ")) }
        #expect(try home.commands() == ["start jupyter", "start jupyter"])
    }
}
