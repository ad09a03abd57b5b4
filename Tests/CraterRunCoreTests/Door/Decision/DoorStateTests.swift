import Testing

@testable import CraterRunCore

/// What is answered while an app takes no requests.
struct DoorStateTests {
    private func route(_ state: AppState, login: DoorLogin? = nil, retryAt: WallTime? = nil) -> DoorRoute {
        DoorCase.route(
            login: login,
            state: DoorAppState(
                state, since: DoorCase.now, restarts: 3, reason: "it was killed by signal 9",
                cure: "give it more memory",
                retryAt: retryAt, lastLines: ["secret <output>"]))
    }

    @Test(arguments: [
        (AppState.waiting, "10"), (.starting, "2"), (.stopping, "5"), (.stopped, "60"), (.failed, "60"),
        (.backingOff, "10"), (.asleep, "2"),
    ])
    func navigationsGetThePage(state: AppState, retryAfter: String) throws {
        for method in ["GET", "HEAD"] {
            let answer = try #require(
                try DoorCase.decide("\(method) /ingress/x/a?b", DoorCase.navigation, at: [route(state)]).answered)
            #expect(answer.status == 503)
            #expect(answer.values(of: "Retry-After") == [retryAfter])
            #expect(answer.values(of: "Cache-Control") == ["no-store"])
            #expect(answer.text.contains("State: \(state.rawValue) since <time"))
        }
    }

    @Test(arguments: [AppState.waiting, .starting, .stopping, .stopped, .asleep, .failed, .backingOff])
    func programsGetALine(state: AppState) throws {
        for (line, fields) in [
            ("GET /ingress/x/", ["Accept: application/json"]), ("POST /ingress/x/", DoorCase.navigation),
            ("GET /ingress/x/", ["Connection: upgrade", "Upgrade: websocket"]),
        ] {
            let answer = try #require(try DoorCase.decide(line, fields, at: [route(state)]).answered)
            #expect(answer.status == 503)
            #expect(answer.text.hasPrefix("crater-run: tensorboard "))
            #expect(answer.text.hasSuffix(" s\n"))
            #expect(answer.value(of: "Cache-Control") == "no-store")
            #expect(answer.value(of: "Retry-After") != nil)
        }
    }

    @Test(arguments: [(0, "1"), (1, "1"), (12_300, "12"), (9_999_999, "300"), (-5000, "1")])
    func saysWhenTheNextStartIs(after milliseconds: Int64, seconds: String) throws {
        let retryAt = WallTime(milliseconds: DoorCase.now.milliseconds + milliseconds)
        let answer = try DoorCase.decide("GET /ingress/x/", at: [route(.backingOff, retryAt: retryAt)]).answered
        #expect(answer?.value(of: "Retry-After") == seconds)
    }

    @Test func aWrongClockDoesNotTrap() throws {
        let route = route(.backingOff, retryAt: WallTime(milliseconds: .min))
        let answer = try DoorCase.decide("GET /ingress/x/", at: [route], now: WallTime(milliseconds: .max)).answered
        #expect(answer?.value(of: "Retry-After") == "1")
    }

    /// Without a login everybody sees why; with a login, only those who have given the key, and they alone see the output.
    @Test func theOutputIsForThoseWithTheKey() throws {
        let closed = route(.failed, login: DoorCase.login)
        let key = "Authorization: Bearer \(DoorCase.key)"
        for (route, fields, reason, output, link) in [
            (route(.failed), [String](), true, false, false),
            (closed, [], false, false, true),
            (closed, [DoorCase.cookie(of: closed)], true, true, false),
            (closed, [key], true, true, false),
            (closed, ["Authorization: Bearer x"], false, false, true),
        ] {
            let text = try #require(
                try DoorCase.decide("GET /ingress/x/", DoorCase.navigation + fields, at: [route]).answered
            ).text
            #expect(text.contains("killed by signal 9") == reason)
            #expect(text.contains("secret &lt;output&gt;") == output)
            #expect(text.contains("Log in</a>") == link)
            #expect(text.contains("data-login=") == link)
            #expect(text.contains("restarted 3 times"))
            #expect(text.contains("give it more memory"))
        }
    }

    /// What was stopped or given up does not come back by itself.
    @Test(arguments: [
        (AppState.stopped, nil, "crater-run start tensorboard, in the job"),
        (.failed, nil, "crater-run start tensorboard, in the job, once what is wrong is mended"),
        (.failed, "install it", "install it; then crater-run start tensorboard, in the job"),
        (.backingOff, "install it", "install it"),
    ])
    func whatHelps(state: AppState, cure: String?, text: String) throws {
        let route = DoorCase.route(
            login: DoorCase.login, state: DoorAppState(state, since: DoorCase.now, cure: cure))
        let page = try #require(try DoorCase.decide("GET /ingress/x/", DoorCase.navigation, at: [route]).answered)
        #expect(page.text.contains("<p>What helps: \(text)</p>"))
    }

    @Test func anAppThatStartsByItselfHasNoCure() throws {
        let page = try #require(
            try DoorCase.decide(
                "GET /ingress/x/", DoorCase.navigation, at: [DoorCase.route(state: DoorCase.state(.starting))]
            ).answered)
        #expect(!page.text.contains("What helps"))
    }

    /// With a session the page shows the output in every state, while the app starts too.
    @Test(arguments: [AppState.starting, .backingOff, .failed, .stopped, .stopping])
    func theOutputIsShownInEachState(state: AppState) throws {
        let closed = route(state, login: DoorCase.login)
        let page = try #require(
            try DoorCase.decide("GET /ingress/x/", DoorCase.navigation + [DoorCase.cookie(of: closed)], at: [closed])
                .answered)
        #expect(page.text.contains("secret &lt;output&gt;"))
    }

    /// Who is no browser learns nothing without the key.
    @Test func theLoginComesBeforeTheState() throws {
        let closed = route(.starting, login: DoorCase.login)
        #expect(try DoorCase.decide("GET /ingress/x/", at: [closed]).summary == "401")
        #expect(try DoorCase.decide("GET /ingress/x/", [DoorCase.cookie(of: closed)], at: [closed]).summary == "503")
        let key = DoorCase.key
        #expect(try DoorCase.decide("GET /ingress/x/?key=\(key)", DoorCase.navigation, at: [closed]).summary == "303")
    }

    /// The page loads again when this word changes: at each change of what it shows, and when the app takes requests.
    @Test func theMarkIsThatOfThePage() throws {
        var marks: Set<String> = []
        let session = DoorCase.cookie(of: DoorCase.closed)
        let routes =
            [AppState.starting, .failed, .stopped].map { route($0) }
            + [
                route(.failed, login: DoorCase.login),
                DoorCase.route(state: DoorAppState(.starting, since: DoorCase.now, restarts: 4)),
            ]
        for route in routes {
            for fields in route.login == nil ? [[]] : [[], [session]] {
                let page = try #require(
                    try DoorCase.decide("GET /ingress/x/a", DoorCase.navigation + fields, at: [route]).answered)
                let answer = try #require(
                    try DoorCase.decide("GET /ingress/x/.crater-run/state", fields, at: [route]).answered)
                let mark = String(answer.text.dropLast())
                #expect(answer.status == 200)
                #expect(answer.value(of: "Cache-Control") == "no-store")
                #expect(page.text.contains(#"data-mark="\#(mark)""#))
                #expect(page.text.contains(#"data-state="/ingress/x/.crater-run/state""#))
                // The same a minute later: a page without news does not flicker.
                let later = WallTime(milliseconds: DoorCase.now.milliseconds + 60_000)
                let same = try DoorCase.decide("GET /ingress/x/.crater-run/state", fields, at: [route], now: later)
                #expect(same.answered?.text == answer.text)
                marks.insert(mark)
            }
        }
        #expect(marks.count == 6)
        #expect(!marks.contains("ready"))
        for route in [DoorCase.open, DoorCase.closed] {
            let answer = try DoorCase.decide("GET /ingress/x/.crater-run/state", at: [route]).answered
            #expect(answer?.text == "ready\n")
        }
    }

    @Test(arguments: [
        (DoorFailure.refused, 502), (.closed, 502), (.malformed("the status line is <wrong>"), 502), (.late, 504),
    ])
    func anAppThatDoesNotAnswerGetsAPageToo(failure: DoorFailure, status: Int) throws {
        for route in [DoorCase.open, DoorCase.closed] {
            let session = [DoorCase.cookie(of: route)]
            let forward = try #require(try DoorCase.decide("GET /ingress/x/", session, at: [route]).forwarded)
            let page = Door.answer(
                to: try DoorCase.head("GET /ingress/x/", DoorCase.navigation), after: failure, of: forward,
                now: DoorCase.now)
            #expect(page.status == status)
            #expect(page.values(of: "Retry-After") == ["2"])
            #expect(page.text.contains("<h1>tensorboard \(HTMLText.escape(failure.text))</h1>"))
            // The state says ready, so the page asks for the app again.
            #expect(!page.text.contains(#"data-mark="ready""#))
            let text = Door.answer(
                to: try DoorCase.head("POST /ingress/x/"), after: failure, of: forward, now: DoorCase.now)
            #expect(text.status == status)
            #expect(text.text.hasPrefix("crater-run: tensorboard "))
        }
    }
}
