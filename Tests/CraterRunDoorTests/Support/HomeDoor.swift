import CraterRunCore
import CraterRunDoor

/// A door with a home page, an app below it that runs, and one that is only offered.
final class HomeDoor: Sendable {
    static let key = "0123456789abcdef0123456789abcdef"
    static let bearer = "Authorization: Bearer \(key)"
    /// What a browser says of a form that is posted from a page of the same host.
    static let same = "Sec-Fetch-Site: same-origin"
    static let navigation = ["Sec-Fetch-Mode: navigate", "Accept: text/html"]
    /// The place of the app that runs, below the home page.
    static let below = "tensorboard/"

    let app: ScriptedApp
    let door: TestDoor

    /// - Parameter key: the key of the login.
    init(key: String = HomeDoor.key) throws {
        app = try ScriptedApp()
        door = try TestDoor(nil)
        let login = DoorLogin(key: key.utf8)
        let prefix = try PathPrefix(TestDoor.prefix)
        let state = DoorAppState(.ready, since: WallTime(milliseconds: 0))
        let tiles = [
            HomeTile(
                app: "tensorboard", title: "TensorBoard", about: "Curves", link: TestDoor.prefix + HomeDoor.below,
                state: state),
            HomeTile(app: "jupyter", title: "Jupyter", about: "Notebooks", state: state, isStarted: false),
        ]
        let home = DoorRoute(
            app: "home", port: door.port, prefix: prefix, login: login, state: state,
            home: HomeView(host: "job-0", tiles: tiles))
        let below = DoorRoute(
            app: "tensorboard", port: door.port, prefix: try PathPrefix(TestDoor.prefix + HomeDoor.below),
            backend: .port(app.port), login: login, state: state,
            loginPlace: DoorLoginPlace(app: "home", prefix: prefix))
        try door.link.send(.routes(DoorRoutes(generation: 2, routes: [home, below])))
        _ = try door.link.reply { $0 == .serving(2) }
    }

    /// Logs in as a browser does.
    ///
    /// - Parameter place: below the home page: nothing, or the place of an app.
    /// - Returns: the cookie, as the browser sends it.
    func logIn(at place: String = "") throws -> String {
        let client = try door.connect()
        let form = "key=\(HomeDoor.key)"
        let fields = ["Content-Length: \(form.utf8.count)"]
        try client.send(TestDoor.request(place + ".crater-run/login", fields, method: "POST") + form)
        let head = try client.head()
        let name = "Set-Cookie: "
        guard let field = head.split(separator: "\r\n").first(where: { $0.hasPrefix(name) }) else {
            throw Failure("no cookie is set: \(head)")
        }
        return "Cookie: " + field.dropFirst(name.count).prefix { $0 != ";" }
    }

    /// The head of a request of a button, for a body of this length.
    static func press(length: Int, _ fields: [String]) -> String {
        pressHead(["Content-Length: \(length)"] + fields)
    }

    static func press(_ body: String, _ fields: [String]) -> String { press(length: body.utf8.count, fields) + body }

    static func pressHead(_ fields: [String]) -> String {
        TestDoor.request(
            ".crater-run/app", ["Content-Type: application/x-www-form-urlencoded"] + fields, method: "POST")
    }

    /// What has been told to the supervisor since the last call: `start jupyter`. Everything is in it that an answer
    /// which the test has read belongs to.
    func commands() throws -> [String] {
        var found: [String] = []
        try door.link.send(.ping(7))
        _ = try door.link.reply {
            if case .command(let app, let verb) = $0 { found.append("\(verb.rawValue) \(app)") }
            return $0 == .pong(7)
        }
        return found
    }
}
