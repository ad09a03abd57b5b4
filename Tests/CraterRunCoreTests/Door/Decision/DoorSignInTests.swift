import Testing

@testable import CraterRunCore

/// The posted key and the door's own places: rules 4 to 6.
struct DoorSignInTests {
    private let route = DoorCase.closed
    private let html = ["Accept: text/html", "Sec-Fetch-Site: same-origin"]

    private func decide(_ line: String, _ fields: [String] = []) throws -> DoorDecision {
        try DoorCase.decide(line, fields, at: [route])
    }

    private func signIn(_ body: String, _ fields: [String]) throws -> DoorDecision {
        let decision = try decide("POST /ingress/x/.crater-run/login", fields)
        guard case .form(.signIn(let signIn)) = decision.action else {
            Issue.record("\(decision.summary)")
            return decision
        }
        #expect(decision.guess == nil)
        return signIn.decide(body: body.utf8, now: DoorCase.now)
    }

    @Test(arguments: [
        ("", "/ingress/x/"), ("&next=%2Fingress%2Fx%2Fa%3Fb%3Dc", "/ingress/x/a?b=c"),
        ("&next=/ingress/x/%23scalars", "/ingress/x/#scalars"), ("&next=//evil.example", "/ingress/x/"),
        ("&next=%252f%252fevil.example", "/ingress/x/"),
    ])
    func theRightKeyBeginsASession(more: String, location: String) throws {
        let decision = try signIn("key=\(PercentEncoding.encode(DoorCase.key))\(more)", html)
        let answer = try #require(decision.answered)
        #expect(decision.guess == .right)
        #expect(answer.status == 303)
        #expect(answer.values(of: "Location") == [location])
        #expect(answer.value(of: "Cache-Control") == "no-store")
        let cookies = answer.values(of: "Set-Cookie")
        #expect(cookies.count == 1)
        #expect(cookies[0].hasPrefix(route.cookies.secure + "="))
        #expect(cookies[0].contains("Max-Age=3600"))
        let pair = cookies[0].prefix { $0 != ";" }
        #expect(try decide("GET /ingress/x/", ["Cookie: \(pair)"]).summary == "tensorboard")
    }

    @Test(arguments: ["", "key=", "key=x", "next=/ingress/x/", "\u{0}\u{0}", "key=\(DoorCase.key)x", "&&&===%%%"])
    func aWrongKeyGetsThePageAgain(body: String) throws {
        let decision = try signIn(body + "&next=/ingress/x/a", html)
        let page = try #require(decision.answered)
        #expect(page.status == 401)
        #expect(page.text.contains("This key is wrong"))
        #expect(page.values(of: "Set-Cookie").isEmpty)
        #expect(decision.guess != nil && decision.guess != .right)
        let text = try #require(try signIn(body, []).answered)
        #expect(text.status == 401)
        #expect(text.text.hasPrefix("crater-run: tensorboard needs a login"))
    }

    @Test func keepsTheWantedPage() throws {
        let page = try #require(try signIn("key=x&next=%2Fingress%2Fx%2Fa%22%3E%3Cb", html).answered)
        #expect(page.text.contains(#"value="/ingress/x/a&quot;&gt;&lt;b""#))
    }

    @Test func showsThePageOrOffersToLogOut() throws {
        let page = try #require(try decide("GET /ingress/x/.crater-run/login").answered)
        #expect(page.status == 401)
        #expect(page.text.contains(#"action="/ingress/x/.crater-run/login""#))
        let session = DoorCase.cookie(of: route)
        for place in ["login", "logout"] {
            let answer = try #require(try decide("GET /ingress/x/.crater-run/\(place)", [session]).answered)
            #expect(answer.status == 200)
            #expect(answer.text.contains(#"action="/ingress/x/.crater-run/logout""#))
            #expect(answer.value(of: "Referrer-Policy") == "same-origin")
        }
    }

    @Test func logsOut() throws {
        let session = DoorCase.cookie(of: route)
        for fields in [[session, "Sec-Fetch-Site: same-origin"], [session], []] {
            let answer = try #require(try decide("POST /ingress/x/.crater-run/logout", fields).answered)
            #expect(answer.status == 303)
            #expect(answer.values(of: "Location") == ["/ingress/x/"])
            #expect(answer.values(of: "Set-Cookie") == DoorCookies.clear(route).map(\.value))
        }
        let other = try decide("POST /ingress/x/.crater-run/logout", [session, "Origin: https://evil.example"])
        #expect(other.summary == "403")
    }

    @Test(arguments: [
        ("PUT", "login", "405"), ("DELETE", "logout", "405"), ("POST", "state", "405"), ("GET", "state", "200"),
        ("HEAD", "state", "200"), ("GET", "", "404"), ("GET", "login/", "404"), ("GET", "other", "404"),
        ("GET", "Login", "404"),
    ])
    func hasNoOtherPlaces(method: String, place: String, summary: String) throws {
        #expect(try decide("\(method) /ingress/x/.crater-run/\(place)").summary == summary)
    }

    @Test func withoutALoginThereIsNone() throws {
        for place in ["login", "logout"] {
            for method in ["GET", "POST"] {
                let decision = try DoorCase.decide("\(method) /ingress/x/.crater-run/\(place)", at: [DoorCase.open])
                #expect(decision.summary == "404")
            }
        }
    }

    /// Names that only look like the door's are the app's.
    @Test(arguments: ["/ingress/x/.crater-run", "/ingress/x/.crater-runs/login", "/ingress/x/a/.crater-run/login"])
    func leavesOtherNamesToTheApp(target: String) throws {
        #expect(try DoorCase.decide("GET \(target)", at: [DoorCase.open]).summary == "tensorboard")
    }
}
