import CraterRunCore
import Testing

@testable import CraterRunCore

/// Routes, requests to them, and what is decided: for the tests of all rules of a door.
enum DoorCase {
    /// 2025-10-09T08:53:20Z
    static let now = WallTime(milliseconds: 1_760_000_000_000)
    static let key = "b7Vd0z-key/of+the~login"
    static let login = DoorLogin(key: key.utf8, lasts: 3600)

    static func state(_ state: AppState = .ready) -> DoorAppState { DoorAppState(state, since: now) }

    static func route(
        _ app: String = "tensorboard",
        port: UInt16 = 6006,
        _ prefix: String = "/ingress/x",
        backend: DoorBackend? = .port(40_001),
        strips: Bool = false,
        login: DoorLogin? = nil,
        state: DoorAppState = state(),
        polls: PollTable = .none
    ) -> DoorRoute {
        DoorRoute(
            app: app, port: port, prefix: PathPrefix(known: prefix), backend: backend, strips: strips, login: login,
            state: state, polls: polls)
    }

    static let open = route()
    static let closed = route(login: login)

    /// - Parameters:
    ///   - line: the method and the target.
    ///   - fields: the fields but for Host, unless they have their own.
    static func head(_ line: String, _ fields: [String] = []) throws -> RequestHead {
        let host = fields.contains { $0.hasPrefix("Host:") } ? [] : ["Host: crater.example.org"]
        return try RequestHead.parse(
            Array((["\(line) HTTP/1.1"] + host + fields + ["", ""]).joined(separator: "\r\n").utf8))
    }

    static func decide(
        _ line: String, _ fields: [String] = [], at routes: [DoorRoute], port: UInt16 = 6006, now: WallTime = now
    ) throws -> DoorDecision {
        Door.decide(
            try head(line, fields), on: port, routes: DoorRoutes(generation: 1, routes: routes), peer: "10.0.0.7",
            now: now)
    }

    /// The Cookie field of a session that began at `now`.
    static func cookie(of route: DoorRoute, isSecure: Bool = true, now: WallTime = now) -> String {
        let value = DoorSession.value(of: route, login: login, now: now)
        return "Cookie: \(isSecure ? route.cookies.secure : route.cookies.plain)=\(value)"
    }

    static let navigation = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: none"]
}

extension DoorDecision {
    var forwarded: DoorForward? {
        if case .forward(let forward) = action { forward } else { nil }
    }

    var answered: DoorAnswer? {
        switch action {
        case .answer(let answer), .visit(_, _, let answer): answer
        case .forward, .form, .command: nil
        }
    }

    /// What happens, in one word: the app that is asked, the status of an answer, or what is posted.
    var summary: String {
        switch action {
        case .forward(let forward): forward.route.app
        case .answer(let answer): String(answer.status)
        case .visit(let app, let use, let answer): "\(answer.status), \(use) of \(app)"
        case .form(.signIn): "sign in"
        case .form(.command): "form"
        case .command(let app, let verb, _): "\(verb.rawValue) \(app)"
        }
    }
}

extension DoorAnswer {
    var text: String { String(decoding: body, as: UTF8.self) }

    func values(of name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}
