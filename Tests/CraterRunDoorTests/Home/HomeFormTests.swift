import CraterRunCore
import Testing

/// What the buttons of the home page post becomes a command to the supervisor, or nothing.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct HomeFormTests {
    private static let start = "app=jupyter&do=start"
    private static let html = "Accept: text/html"

    /// A page leads back to itself; a script's answer has no content.
    @Test(arguments: [
        ("app=jupyter&do=start", [html], "303", "start jupyter"),
        ("do=stop&app=tensorboard", [html], "303", "stop tensorboard"),
        ("app=tensorboard&do=restart", ["Accept: */*"], "204", "restart tensorboard"),
        ("app=%6Aupyter&do=start", [], "204", "start jupyter"),
    ])
    func aButtonIsOneCommand(body: String, fields: [String], status: String, command: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(body, [try home.logIn(), HomeDoor.same] + fields))
        let head = try client.head()
        #expect(head.hasPrefix("HTTP/1.1 \(status) "))
        #expect(head.contains("\r\nLocation: \(TestDoor.prefix)\r\n") == (status == "303"))
        #expect(try home.commands() == [command])
        #expect(!home.app.hasNews)
    }

    @Test func aScriptHasTheKey() throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(Self.start, [HomeDoor.bearer, "Sec-Fetch-Site: cross-site"]))
        #expect(try client.head().hasPrefix("HTTP/1.1 204 "))
        #expect(try home.commands() == ["start jupyter"])
    }

    @Test(arguments: [
        ("app=other&do=start", "404"), ("app=home&do=stop", "404"), ("", "404"), ("app=jupyter&do=remove", "400"),
        ("{\"app\": \"jupyter\", \"do\": \"start\"}", "404"),
    ])
    func whatIsNoButtonIsNoCommand(body: String, status: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        let cookie = try home.logIn()
        try client.send(HomeDoor.press(body, [cookie, HomeDoor.same]))
        let head = try client.head()
        #expect(head.hasPrefix("HTTP/1.1 \(status) "))
        #expect(!head.contains("Connection: close"))
        #expect(try home.commands().isEmpty)
    }

    @Test(arguments: [
        "Origin: https://evil.example", "Origin: null", "Origin: http://crater.example.evil.example",
        "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
    ])
    func aPageOfAnotherSiteStartsNothing(field: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(Self.start, [try home.logIn(), field, Self.html]))
        #expect(try client.head().hasPrefix("HTTP/1.1 403 "))
        #expect(try home.commands().isEmpty)
    }

    /// Browsers name the place of a form's page in one of two ways. Programs name none.
    @Test(arguments: [["Origin: https://crater.example"], [HomeDoor.same], []])
    func aPageOfTheSameHostAndAProgramMay(fields: [String]) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(Self.start, [try home.logIn()] + fields))
        #expect(try client.head().hasPrefix("HTTP/1.1 204 "))
        #expect(try home.commands() == ["start jupyter"])
    }

    @Test(arguments: [
        ([], "401"), ([html], "303"), (["Cookie: crater-home=forged", HomeDoor.same], "401"),
        (["Authorization: Bearer wrong"], "401"), (["Authorization: Bearer wrong", html], "401"),
    ])
    func withoutALoginNothingIsStarted(fields: [String], status: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(HomeDoor.press(Self.start, fields))
        #expect(try client.head().hasPrefix("HTTP/1.1 \(status) "))
        #expect(try home.commands().isEmpty)
    }
}
