@testable import CraterRunCore

/// A home page with an app below it that runs, and one that is only offered.
enum HomeCase {
    static let tiles = [
        tile("tensorboard", .ready, link: "/p/tensorboard/"),
        tile("jupyter", .stopped, isStarted: false),
    ]

    static func tile(
        _ app: String, _ state: AppState, link: String? = nil, lines: [String] = [], isStarted: Bool = true
    ) -> HomeTile {
        HomeTile(
            app: app, title: app.capitalized, about: "What \(app) is for", link: link,
            state: DoorAppState(state, since: DoorCase.now, lastLines: lines), isStarted: isStarted)
    }

    static func home(
        _ prefix: String = "/p", tiles: [HomeTile] = tiles, host: String = "job-0", job: HomeJob? = nil,
        login: DoorLogin? = DoorCase.login, lock: DoorLock? = nil
    ) -> DoorRoute {
        DoorRoute(
            app: "home", port: 6006, prefix: PathPrefix(known: prefix), login: login, lock: lock,
            state: DoorCase.state(), home: HomeView(host: host, job: job, tiles: tiles))
    }

    static let below = DoorRoute(
        app: "tensorboard", port: 6006, prefix: PathPrefix(known: "/p/tensorboard"), backend: .port(40_001),
        login: DoorCase.login, state: DoorCase.state(),
        loginPlace: DoorLoginPlace(app: "home", prefix: PathPrefix(known: "/p")))

    static let routes = [home(), below]
    static let session = DoorCase.cookie(of: home())
    static let bearer = "Authorization: Bearer \(DoorCase.key)"

    static func page(_ route: DoorRoute) -> DoorAnswer? {
        route.home.map { HomePage(route: route, home: $0, now: DoorCase.now).answer }
    }
}

extension String {
    /// With a capital letter at the beginning.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
