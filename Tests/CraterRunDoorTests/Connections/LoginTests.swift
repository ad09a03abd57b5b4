import CraterRunCore
import Testing

/// The body of a login is read by the door, and goes to nobody.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct LoginTests {
    private static let key = "0123456789abcdef0123456789abcdef"

    private func post(_ body: String, _ fields: [String] = []) -> String {
        TestDoor.request(
            ".crater/login",
            [
                "Content-Type: application/x-www-form-urlencoded", "Content-Length: \(body.utf8.count)",
                "Origin: http://crater.example",
            ] + fields, method: "POST") + body
    }

    @Test func withoutAKeyNothingReachesTheApp() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app, login: DoorLogin(key: LoginTests.key.utf8))
        let client = try door.connect()
        try client.send(TestDoor.request("data"))
        #expect(try client.head().hasPrefix("HTTP/1.1 401 "))
        #expect(!app.hasNews)
    }

    @Test func aScriptsKeyOpensTheDoorAndStaysThere() throws {
        let app = try ScriptedApp()
        let door = try TestDoor(app, login: DoorLogin(key: LoginTests.key.utf8))
        let client = try door.connect()
        try client.send(TestDoor.request("data", ["Authorization: Bearer \(LoginTests.key)"]))
        #expect(try !app.accept().head().contains("Bearer"))
    }
}
