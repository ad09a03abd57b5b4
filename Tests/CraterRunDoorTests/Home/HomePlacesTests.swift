import CraterRunCore
import Testing

/// The home page, the apps below it, and what is neither.
@Suite(.timeLimit(.minutes(TestTime.limit)))
struct HomePlacesTests {
    @Test(arguments: ["", ".crater-run/tiles"]) func thePageIsNeverKept(place: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        let cookie = try home.logIn()
        try client.send(TestDoor.request(place, [cookie]))
        let head = try client.head()
        #expect(head.hasPrefix("HTTP/1.1 200 "))
        #expect(head.contains("\r\nCache-Control: no-store\r\n"))
        _ = try client.read(through: "</ul>")
    }

    /// The head of the answer to GET, and nothing more.
    @Test(arguments: ["", ".crater-run/tiles"]) func aHeadHasNoBody(place: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(TestDoor.request(place, [HomeDoor.bearer], method: "HEAD"))
        let head = try client.head()
        #expect(head.hasPrefix("HTTP/1.1 200 "))
        #expect(!head.contains("\r\nContent-Length: 0\r\n"))
        #expect(head.contains("\r\nContent-Length: "))
        try client.send(TestDoor.request("nothing", [HomeDoor.bearer]))
        #expect(try client.head().hasPrefix("HTTP/1.1 404 "))
    }

    /// One login for all, wherever it was given; and no app gets its cookie.
    @Test(arguments: ["", HomeDoor.below]) func aLoginServesAllApps(place: String) throws {
        let home = try HomeDoor()
        let cookie = try home.logIn(at: place)
        let client = try home.door.connect()
        try client.send(TestDoor.request("", [cookie]))
        #expect(try client.head().hasPrefix("HTTP/1.1 200 "))
        let other = try home.door.connect()
        try other.send(TestDoor.request(HomeDoor.below + "data", [cookie + "; a=b"]))
        let request = try home.app.accept().head()
        #expect(request.hasPrefix("GET \(TestDoor.prefix)tensorboard/data HTTP/1.1\r\n"))
        #expect(request.contains("\r\nCookie: a=b\r\n"))
        #expect(!request.contains("crater-"))
    }

    @Test func withoutALoginNothingIsThere() throws {
        let home = try HomeDoor()
        for place in ["", ".crater-run/tiles", "tensorboard/", "tensorboard/data", "jupyter/", "nothing"] {
            let client = try home.door.connect()
            try client.send(TestDoor.request(place, HomeDoor.navigation))
            let head = try client.head()
            #expect(head.hasPrefix("HTTP/1.1 401 "), "\(place)")
        }
        #expect(!home.app.hasNews)
    }

    /// A cookie of an app is for nobody but the app.
    @Test(arguments: [
        ("a=b; Path=/", "tensorboard"), ("a=b; Path=\(TestDoor.prefix)", "tensorboard"),
        ("a=b; path=\(TestDoor.prefix)jupyter/", "tensorboard"),
        ("a=b; Path=\(TestDoor.prefix)tensorboard/data", "tensorboard/data"),
    ])
    func theCookiesOfAnAppStayBelowIt(cookie: String, place: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(TestDoor.request(HomeDoor.below, [HomeDoor.bearer]))
        let connection = try home.app.accept()
        _ = try connection.head()
        try connection.send("HTTP/1.1 204 No Content\r\nSet-Cookie: \(cookie); HttpOnly\r\n\r\n")
        let head = try client.head().lowercased()
        #expect(head.contains("\r\nset-cookie: a=b; path=\(TestDoor.prefix)\(place); httponly\r\n"))
    }

    /// A person gets a page that leads home, everything else a line. A visit to an app that does not run starts nothing.
    @Test(arguments: [
        ("nothing", HomeDoor.navigation, "404", "See all apps of this job"),
        ("nothing", [], "404", "crater-run: nothing is served at this path\n"),
        ("tensorboardx/", [], "404", "crater-run: nothing is served at this path\n"),
        ("jupyter/lab", HomeDoor.navigation, "303", "\r\nLocation: \(TestDoor.prefix)\r\n"),
        ("jupyter/lab", [], "404", "crater-run: nothing is served at this path\n"),
        ("jupyter/ws", ["Connection: Upgrade", "Upgrade: websocket", HomeDoor.same], "404", "nothing is served"),
    ])
    func whatIsNoAppLeadsHome(place: String, fields: [String], status: String, text: String) throws {
        let home = try HomeDoor()
        let client = try home.door.connect()
        try client.send(TestDoor.request(place, [HomeDoor.bearer] + fields))
        let answer = try client.read(through: text)
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(try home.commands().isEmpty)
        #expect(!home.app.hasNews)
    }
}
