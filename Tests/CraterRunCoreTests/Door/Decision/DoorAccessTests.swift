import Testing

@testable import CraterRunCore

/// Who gets in: with a session, with the key in a header, with the key in the query.
struct DoorAccessTests {
    private let route = DoorCase.closed
    private let html = ["Accept: text/html,application/xhtml+xml;q=0.9"]

    private func decide(_ line: String, _ fields: [String] = [], now: WallTime = DoorCase.now) throws -> DoorDecision {
        try DoorCase.decide(line, fields, at: [route], now: now)
    }

    // MARK: - Without a key

    @Test(arguments: [
        ("GET", DoorCase.navigation, true), ("HEAD", DoorCase.navigation, true), ("GET", ["Accept: text/html"], true),
        ("GET", ["Accept: */*"], false), ("GET", [], false), ("POST", ["Accept: text/html"], false),
        ("POST", DoorCase.navigation, false), ("GET", ["Sec-Fetch-Mode: cors", "Accept: text/html"], false),
        ("GET", ["Sec-Fetch-Mode: no-cors", "Accept: image/png"], false),
        ("GET", ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"], true),
        ("GET", DoorCase.navigation + ["Connection: upgrade", "Upgrade: websocket"], false),
    ])
    func navigationsGetTheLoginPage(method: String, fields: [String], isPage: Bool) throws {
        let decision = try decide("\(method) /ingress/x/data?a=b", fields)
        let answer = try #require(decision.answered)
        #expect(answer.status == 401)
        #expect(answer.text.hasPrefix("<!doctype html>") == isPage)
        #expect(answer.values(of: "WWW-Authenticate") == ["Bearer realm=\"crater-run\""])
        #expect(answer.value(of: "Cache-Control") == "no-store")
        #expect(decision.guess == nil)
        #expect(answer.text.contains(#"value="/ingress/x/data?a=b""#) == isPage)
        #expect(!answer.text.contains(DoorCase.key))
    }

    // MARK: - Bearer

    @Test func aScriptSendsTheKey() throws {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let decision = try decide("POST /ingress/x/", ["Authorization: \(scheme)  \(DoorCase.key)"])
            #expect(decision.guess == .right)
            #expect(try #require(decision.forwarded).request.withholdsBearer)
        }
    }

    @Test(arguments: [
        "Bearer", "Bearer ", "Bearer x", "Bearer \(DoorCase.key)x", "Bearer \(DoorCase.key) x", "Bearer  ",
    ])
    func aWrongKeyIsAGuess(value: String) throws {
        let decision = try decide("GET /ingress/x/", ["Authorization: \(value)"])
        #expect(decision.summary == "401")
        guard case .wrong = decision.guess else {
            Issue.record("\(String(describing: decision.guess))")
            return
        }
    }

    /// An answer that tells whether the key is right is delayed as all such answers are.
    @Test(arguments: ["login", "state"]) func theDoorsOwnPlacesTakeNoGuessForFree(page: String) throws {
        for key in [DoorCase.key, "x"] {
            let decision = try decide("GET /ingress/x/.crater-run/\(page)", ["Authorization: Bearer \(key)"])
            #expect(decision.guess == KeyGuess(key.utf8, at: DoorCase.login))
        }
    }

    /// Otherwise a wrong key in the query, always the same, would hide what is guessed in the header.
    @Test func theKeyInTheHeaderIsTheGuess() throws {
        let decision = try decide("GET /ingress/x/?key=x", ["Authorization: Bearer y"])
        #expect(decision.summary == "401")
        #expect(decision.guess == KeyGuess("y".utf8, at: DoorCase.login))
    }

    @Test(arguments: ["Basic \(DoorCase.key)", "token \(DoorCase.key)", "Bearer\(DoorCase.key)", DoorCase.key])
    func otherSchemesAreTheApps(value: String) throws {
        let decision = try decide("GET /ingress/x/", ["Authorization: \(value)"])
        #expect(decision.summary == "401")
        #expect(decision.guess == nil)
        let withSession = try decide("GET /ingress/x/", ["Authorization: \(value)", DoorCase.cookie(of: route)])
        #expect(try #require(withSession.forwarded).request.withholdsBearer == false)
    }

    /// An app may have a Bearer key of its own. With a session nobody is guessing.
    @Test func aSessionIsNeverDelayed() throws {
        let decision = try decide("GET /ingress/x/", ["Authorization: Bearer of-the-app", DoorCase.cookie(of: route)])
        #expect(decision.guess == nil)
        #expect(try #require(decision.forwarded).request.withholdsBearer == false)
    }

    @Test func aRequestIsOneGuess() throws {
        let decision = try decide(
            "GET /ingress/x/", ["Authorization: Bearer x", "Authorization: Bearer \(DoorCase.key)"])
        #expect(decision.summary == "401")
    }

    // MARK: - Cookies

    @Test func anyValidCookieOfTheNameCounts() throws {
        let cookie = DoorCase.cookie(of: route)
        let pair = cookie.dropFirst("Cookie: ".count)
        let name = route.cookies.secure
        for fields in [
            [cookie], ["Cookie: a=b; \(pair); c=d"], ["Cookie: a=b;\(pair)"], ["Cookie: \(name)=; \(pair)"],
            ["Cookie: \(name)=x; \(name)=1760003600.x; \(pair); \(name)=y"], ["Cookie: \(name)=x", cookie],
            [cookie, "Cookie: \(name)=x"], ["Cookie: \(pair); "], ["Cookie: ;; \(pair) ;"],
            [DoorCase.cookie(of: route, isSecure: false)],
        ] {
            let decision = try decide("GET /ingress/x/", fields)
            #expect(decision.summary == "tensorboard", "\(fields)")
            #expect(decision.guess == nil)
        }
    }

    @Test func otherCookiesCountForNothing() throws {
        let value = DoorSession.value(of: route, login: DoorCase.login, now: DoorCase.now)
        let name = route.cookies.secure
        for cookie in [
            "\(value)", "\(name)", "\(name)=", "\(name)x=\(value)", "x\(name)=\(value)", "\(name) =\(value)",
            "\(name)=\"\(value)\"", "\(name.lowercased())=\(value)", "\(name)=\(DoorCase.key)", "a=\(name)=\(value)",
        ] {
            #expect(try decide("GET /ingress/x/", ["Cookie: \(cookie)"]).summary == "401", "\(cookie)")
        }
        #expect(try decide("GET /ingress/x/", [DoorCase.cookie(of: DoorCase.route("jupyter"))]).summary == "401")
    }

    @Test func aSessionEnds() throws {
        let cookie = DoorCase.cookie(of: route)
        let later = WallTime(milliseconds: DoorCase.now.milliseconds + 3_600_000)
        #expect(try decide("GET /ingress/x/", [cookie], now: later).summary == "401")
        // The page clears what is of no use any more. A text does not: a page's requests could race with a login.
        let page = try #require(try decide("GET /ingress/x/", [cookie] + html, now: later).answered)
        #expect(page.values(of: "Set-Cookie") == DoorCookies.clear(route).map(\.value))
        let text = try #require(try decide("GET /ingress/x/", [cookie], now: later).answered)
        #expect(text.values(of: "Set-Cookie").isEmpty)
        #expect(try #require(try decide("GET /ingress/x/", html).answered).values(of: "Set-Cookie").isEmpty)
    }

    /// Rule 8: the app gets our cookies neither with a login nor after the login was taken away.
    @Test func theAppGetsNoCookieOfOurs() throws {
        for route in [route, DoorCase.open] {
            let decision = try DoorCase.decide("GET /ingress/x/", [DoorCase.cookie(of: self.route)], at: [route])
            let names = try #require(decision.forwarded).request.route.withheldCookies
            #expect(names == [Array(route.cookies.secure.utf8), Array(route.cookies.plain.utf8)])
        }
    }

    // MARK: - A key in the query

    @Test(arguments: [
        ("/ingress/x/?key=KEY", "/ingress/x/"), ("/ingress/x/a%2Fb?key=KEY", "/ingress/x/a%2Fb"),
        ("/ingress/x/?a=b&key=KEY&c=%2F+d", "/ingress/x/?a=b&c=%2F+d"), ("/ingress/x/?key=KEY&", "/ingress/x/?"),
        ("/ingress/x/?&key=KEY", "/ingress/x/?"), ("/%69ngress/x/?key=KEY", "/ingress/x/"),
        ("/ingress/x/../y/?key=KEY", "/ingress/x/"), ("/ingress/x//h?key=KEY", "/ingress/x/"),
        ("/ingress/x/.crater-run/login?a", nil),
    ])
    func isTakenWithARedirect(target: String, location: String?) throws {
        guard let location else { return }
        for spelling in [DoorCase.key, PercentEncoding.encode(DoorCase.key)] {
            for fields in [[], html, ["Cookie: a=b"], [DoorCase.cookie(of: route)]] {
                let decision = try decide(
                    "GET "
                        + target.split(separator: "KEY", omittingEmptySubsequences: false).joined(separator: spelling),
                    ["Sec-Fetch-Site: none"] + fields)
                let answer = try #require(decision.answered)
                #expect(answer.status == 303)
                #expect(answer.values(of: "Location") == [location])
                #expect(answer.value(of: "Cache-Control") == "no-store")
                #expect(answer.value(of: "Referrer-Policy") == "no-referrer")
                #expect(decision.guess == .right)
                let cookie = try #require(answer.value(of: "Set-Cookie")).prefix { $0 != ";" }
                #expect(try decide("GET /ingress/x/", ["Cookie: \(cookie)"]).summary == "tensorboard")
            }
        }
    }

    @Test func aWrongKeyInTheQueryIsAGuess() throws {
        let decision = try decide("GET /ingress/x/a?key=x&b=c", html)
        let page = try #require(decision.answered)
        #expect(page.status == 401)
        #expect(page.text.contains("This key is wrong"))
        #expect(page.text.contains(#"value="/ingress/x/a?b=c""#))
        #expect(decision.guess == KeyGuess("x".utf8, at: DoorCase.login))
        #expect(decision.guess != .right)
    }

    /// An app may have a parameter of this name, and only a GET can be redirected without losing its body.
    @Test func otherKeysGoToTheApp() throws {
        let session = DoorCase.cookie(of: route)
        #expect(try decide("GET /ingress/x/?key=of-the-app", [session]).summary == "tensorboard")
        #expect(try decide("POST /ingress/x/?key=\(DoorCase.key)", [session]).summary == "tensorboard")
        #expect(try decide("POST /ingress/x/?key=\(DoorCase.key)").summary == "401")
        let upgrade = ["Connection: upgrade", "Upgrade: websocket"]
        #expect(try decide("GET /ingress/x/?key=\(DoorCase.key)", upgrade).summary == "401")
        #expect(try DoorCase.decide("GET /ingress/x/?key=x", at: [DoorCase.open]).summary == "tensorboard")
        // Nothing of ours takes ?token=.
        #expect(try decide("GET /ingress/x/?token=\(DoorCase.key)").summary == "401")
    }

    @Test(
        arguments: [
            ("key=a", "a", nil), ("key=", "", nil), ("a=b", nil, nil), ("", nil, nil), ("key", nil, nil),
            ("xkey=a", nil, nil),
            ("KEY=a", nil, nil), ("key=a+b%2B", "a+b+", nil), ("key=a&key=b", "a", "key=b"),
            ("a&key=b=c&d", "b=c", "a&d"),
        ] as [(String, String?, String?)])
    func readsTheQuery(query: String, key: String?, rest: String?) {
        let found = QueryKey(Array(query.utf8)[...])
        #expect(found.map { String(decoding: $0.key, as: UTF8.self) } == key)
        #expect(found?.rest == rest)
    }
}
