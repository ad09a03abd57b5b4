import Testing

@testable import CraterRunCore

struct HomeDecisionTests {
    private static let html = "Accept: text/html"
    private static let same = "Sec-Fetch-Site: same-origin"

    private func decide(_ line: String, _ fields: [String] = [], at routes: [DoorRoute] = HomeCase.routes) throws
        -> DoorDecision
    { try DoorCase.decide(line, fields, at: routes) }

    @Test(arguments: [
        // Without a login.
        ("GET /p/", DoorCase.navigation, "401"), ("GET /p/", [], "401"), ("GET /p", [], "308"),
        ("GET /p/.crater-run/tiles", [], "401"), ("GET /p/jupyter/", DoorCase.navigation, "401"),
        ("GET /p/other", [], "401"), ("GET /p/tensorboard/", DoorCase.navigation, "401"),
        ("POST /p/.crater-run/app", [], "401"), ("POST /p/.crater-run/app", [html], "303"),
        ("POST /p/.crater-run/app", ["Authorization: Bearer wrong", html], "401"),
        // With one.
        ("GET /p/", [HomeCase.session], "200"), ("HEAD /p/", [HomeCase.session], "200"),
        ("GET /p/", [HomeCase.bearer], "200"), ("POST /p/", [HomeCase.bearer], "405"),
        ("GET /p/.crater-run/tiles", [HomeCase.session], "200"),
        ("POST /p/.crater-run/tiles", [HomeCase.session], "405"),
        ("GET /p/.crater-run/app", [HomeCase.session], "405"), ("GET /p/.crater-run/state", [], "200"),
        ("GET /p/.crater-run/nothing", [HomeCase.session], "404"),
        // Below: an app that runs, one that is offered, and none.
        ("GET /p/tensorboard/x", [HomeCase.session], "tensorboard"),
        ("GET /p/tensorboard/", [HomeCase.bearer], "tensorboard"),
        ("GET /p/jupyter/lab", [HomeCase.session] + DoorCase.navigation, "303"),
        ("GET /p/%6Aupyter", [HomeCase.session] + DoorCase.navigation, "303"),
        ("GET /p/jupyter/lab", [HomeCase.session], "404"), ("POST /p/jupyter/lab", [HomeCase.bearer], "404"),
        ("GET /p/other/", [HomeCase.session] + DoorCase.navigation, "404"),
        ("GET /p/other/", [HomeCase.session], "404"),
        ("GET /p//", [HomeCase.session] + DoorCase.navigation, "404"),
        // What changes something needs proof of where it comes from.
        ("POST /p/.crater-run/app", [HomeCase.session, same], "form"),
        ("POST /p/.crater-run/app", [HomeCase.session, "Origin: https://crater.example.org"], "form"),
        ("POST /p/.crater-run/app", [HomeCase.session, "Sec-Fetch-Site: same-site"], "403"),
        ("POST /p/.crater-run/app", [HomeCase.session, "Sec-Fetch-Site: cross-site"], "403"),
        ("POST /p/.crater-run/app", [HomeCase.session, "Origin: https://evil.example"], "403"),
        ("POST /p/.crater-run/app", [HomeCase.session, "Origin: null"], "403"),
        ("POST /p/.crater-run/app", [HomeCase.bearer, "Sec-Fetch-Site: cross-site"], "form"),
    ])
    func decides(line: String, fields: [String], summary: String) throws {
        #expect(try decide(line, fields).summary == summary)
    }

    /// An app without a home page has none of its places.
    @Test(arguments: ["GET /ingress/x/.crater-run/tiles", "POST /ingress/x/.crater-run/app"])
    func belongsToHomePages(line: String) throws {
        #expect(try decide(line, at: [DoorCase.open]).summary == "404")
    }

    private func press(_ body: String, _ fields: [String]) throws -> DoorDecision {
        let decision = try decide("POST /p/.crater-run/app", fields)
        guard case .form(let form) = decision.action else {
            Issue.record("\(decision.summary)")
            return decision
        }
        return form.decide(body: body.utf8, now: DoorCase.now)
    }

    @Test(arguments: [
        ("app=jupyter&do=start", "start jupyter"), ("do=stop&app=tensorboard", "stop tensorboard"),
        ("app=tensorboard&do=restart", "restart tensorboard"), ("app=%6aupyter&do=start", "start jupyter"),
        ("app=other&do=start", "404"), ("app=home&do=stop", "404"), ("do=start", "404"), ("", "404"),
        ("app=jupyter&do=release", "400"), ("app=jupyter", "400"), ("app=jupyter&do=START", "400"),
        ("app=Jupyter&do=start", "404"), ("app=jupyter%00&do=start", "404"),
    ])
    func aButtonIsOneCommand(body: String, summary: String) throws {
        #expect(try press(body, [HomeCase.session, Self.same]).summary == summary)
    }

    @Test func theAnswerIsForWhoAsks() throws {
        func answer(_ fields: [String]) throws -> DoorAnswer? {
            guard case .command(_, _, let answer) = try press("app=jupyter&do=start", fields).action else { return nil }
            return answer
        }
        let page = try #require(try answer([HomeCase.session, Self.same, Self.html]))
        #expect(page.status == 303)
        #expect(page.values(of: "Location") == ["/p/"])
        let script = try #require(try answer([HomeCase.session, Self.same]))
        #expect(script.status == 204)
        let head = String(decoding: script.bytes(isHead: false, keepsAlive: true), as: UTF8.self)
        #expect(head.hasPrefix("HTTP/1.1 204 No Content\r\n"))
        #expect(!head.contains("Content-Length"))
    }

    /// An answer that tells whether a key is right waits like every other one.
    @Test func aKeyIsAGuess() throws {
        #expect(try decide("POST /p/.crater-run/app", [HomeCase.bearer]).guess == .right)
        #expect(try decide("POST /p/.crater-run/app", [HomeCase.session, Self.same]).guess == nil)
        #expect(try decide("GET /p/", [HomeCase.bearer]).guess == .right)
        #expect(try decide("GET /p/.crater-run/tiles", [HomeCase.bearer]).guess == .right)
        let wrong = try decide("POST /p/.crater-run/app", ["Authorization: Bearer wrong"]).guess
        #expect(wrong != nil && wrong != .right)
    }

    /// The key is one guess, for which the request has waited before its body is read.
    @Test(arguments: ["app=jupyter&do=start", "app=other&do=start", "app=jupyter"])
    func aKeyIsNoSecondGuess(body: String) throws {
        #expect(try press(body, [HomeCase.bearer]).guess == nil)
    }

    /// A home page without a login, or with one whose key is not known, starts nothing for anybody.
    @Test(arguments: [
        HomeCase.home(login: nil), HomeCase.home(login: nil, lock: DoorLock(failure: "why")),
        HomeCase.home(login: nil, lock: DoorLock()),
    ])
    func aLockedPageShowsNothing(route: DoorRoute) throws {
        for line in ["GET /p/", "GET /p/.crater-run/tiles", "POST /p/.crater-run/app", "GET /p/jupyter/"] {
            for fields in [DoorCase.navigation, [HomeCase.session, Self.same], [HomeCase.bearer], [Self.html]] {
                let decision = try decide(line, fields, at: [route])
                let answer = try #require(decision.answered, "\(line) \(fields)")
                #expect(answer.status == 503 || answer.status == 401)
                #expect(!answer.text.contains("Jupyter"))
            }
        }
    }

    // MARK: One login for everything below

    @Test func theSessionOfTheHomePageIsThatOfItsApps() throws {
        #expect(HomeCase.below.cookies == HomeCase.home().cookies)
        #expect(DoorCase.cookie(of: HomeCase.below) == HomeCase.session)
        // The app's own route elsewhere has a session of its own.
        let alone = DoorCase.route("tensorboard", "/p/tensorboard", login: DoorCase.login)
        #expect(DoorCase.cookie(of: alone) != HomeCase.session)
    }

    @Test func logsInBelowForAll() throws {
        let decision = try decide(
            "GET /p/tensorboard/?key=\(PercentEncoding.encode(DoorCase.key))", DoorCase.navigation)
        let answer = try #require(decision.answered)
        #expect(answer.status == 303)
        #expect(answer.values(of: "Location") == ["/p/tensorboard/"])
        let cookie = try #require(answer.value(of: "Set-Cookie"))
        #expect(cookie.contains("; Path=/p;"))
        let pair = cookie.prefix { $0 != ";" }
        #expect(try decide("GET /p/", ["Cookie: \(pair)"]).summary == "200")
        let out = try #require(
            try decide("POST /p/tensorboard/.crater-run/logout", [HomeCase.session, Self.same]).answered)
        #expect(out.values(of: "Set-Cookie") == DoorCookies.clear(HomeCase.home()).map(\.value))
    }

    @Test func withholdsTheLoginFromTheApps() throws {
        let forward = try #require(try decide("GET /p/tensorboard/", [HomeCase.session]).forwarded)
        let names = Set(forward.request.route.withheldCookies.map { String(decoding: $0, as: UTF8.self) })
        #expect(names == [HomeCase.home().cookies.secure, HomeCase.home().cookies.plain])
    }
}
