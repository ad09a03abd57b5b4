import CraterRunCore
import Testing

/// The body of a login is read by the door, and goes to nobody.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct LoginTests {
    private static let key = "0123456789abcdef0123456789abcdef"
    private static let bearer = "Authorization: Bearer \(key)"

    private func start() throws -> (app: ScriptedApp, door: TestDoor) {
        let app = try ScriptedApp()
        return (app, try TestDoor(app, login: DoorLogin(key: LoginTests.key.utf8)))
    }

    private func post(length: Int, _ fields: [String] = []) -> String {
        TestDoor.request(
            ".crater-run/login",
            ["Content-Type: application/x-www-form-urlencoded", "Content-Length: \(length)"] + fields, method: "POST")
    }

    @Test func withoutAKeyNothingReachesTheApp() throws {
        let (app, door) = try start()
        let client = try door.connect()
        try client.send(TestDoor.request("data"))
        #expect(try client.head().hasPrefix("HTTP/1.1 401 "))
        #expect(!app.hasNews)
    }

    @Test func aScriptsKeyOpensTheDoorAndStaysThere() throws {
        let (app, door) = try start()
        let client = try door.connect()
        try client.send(TestDoor.request("data", [LoginTests.bearer]))
        #expect(try !app.accept().head().contains("Bearer"))
    }

    /// The form comes in pieces, and the next request follows on the same connection.
    @Test func aPostedKeyBeginsASession() throws {
        let (app, door) = try start()
        let client = try door.connect()
        let form = "key=\(LoginTests.key)&next="
        try client.send(post(length: form.utf8.count, ["Expect: 100-continue"]))
        #expect(try client.head().hasPrefix("HTTP/1.1 100 "))
        for byte in form.utf8 { try client.send([byte]) }
        let answer = try client.head()
        #expect(answer.hasPrefix("HTTP/1.1 303 "))
        let field = try #require(answer.split(separator: "\r\n").first { $0.hasPrefix("Set-Cookie: ") })
        let cookie = field.dropFirst("Set-Cookie: ".count).prefix { $0 != ";" }
        try client.send(TestDoor.request("data", ["Cookie: a=b; \(cookie)"]))
        let request = try app.accept().head()
        #expect(request.contains("\r\nCookie: a=b\r\n"))
        #expect(!request.contains("crater-"))
    }

    /// The answer to a wrong key comes late, and the request behind it is answered after it.
    @Test func aWrongKeyIsAnsweredAfterADelay() throws {
        let (app, door) = try start()
        let client = try door.connect()
        let form = "key=wrong"
        try client.send(post(length: form.utf8.count) + form + TestDoor.request("data", [LoginTests.bearer]))
        #expect(try client.head().hasPrefix("HTTP/1.1 401 "))
        #expect(try app.accept().head().contains("/data "))
    }

    @Test func aLongFormIsRefused() throws {
        let (app, door) = try start()
        let client = try door.connect()
        try client.send(post(length: 100_000) + "key=")
        client.shutDown()
        let (answer, end) = try client.rest()
        #expect(answer.hasPrefix("HTTP/1.1 413 "))
        #expect(end == .closed)
        #expect(!app.hasNews)
    }
}
