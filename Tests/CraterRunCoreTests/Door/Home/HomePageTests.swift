import Testing

@testable import CraterRunCore

struct HomePageTests {
    private static let evil = "<script>alert(1)</script>\"'&\u{1B}[31m\u{202E}"

    private func text(_ route: DoorRoute) throws -> String { try #require(HomeCase.page(route)).text }

    private func text(of tile: HomeTile) throws -> String { try text(HomeCase.home(tiles: [tile])) }

    private var evilRoute: DoorRoute {
        let tiles = AppState.allCases.map { state in
            HomeTile(
                app: state.rawValue + Self.evil, title: Self.evil, about: Self.evil, link: "/p&" + Self.evil,
                state: DoorAppState(
                    state, since: DoorCase.now, restarts: 2, reason: Self.evil, cure: Self.evil, retryAt: DoorCase.now,
                    lastLines: [Self.evil, "a", Self.evil]))
        }
        return HomeCase.home(
            "/p&q", tiles: tiles, host: Self.evil, job: HomeJob(command: Self.evil, startedAt: DoorCase.now))
    }

    @Test func nothingFromOutsideIsMarkup() throws {
        let text = try text(evilRoute)
        #expect(!text.contains("<script>alert"))
        #expect(text.contains("&lt;script&gt;alert"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || PrintableText.isPrintable($0) })
        #expect(text.contains("action=\"/p&amp;q/.crater-run/app\""))
    }

    @Test func thePolicyAllowsWhatThePageHas() throws {
        let page = try #require(HomeCase.page(evilRoute))
        let policy = try #require(page.value(of: "Content-Security-Policy"))
        for text in [PageStyle.text, HomeStyle.text, PageScript.text, HomeScript.text] {
            #expect(page.text.contains(text))
            #expect(policy.contains("'sha256-\(Base64.encode(SHA256.digest(of: text.utf8)))'"))
        }
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        #expect(page.value(of: "Referrer-Policy") == "same-origin")
        for word in [" src=", " style=", " onclick=", "http://", "https://", "@import", "url("] {
            #expect(!page.text.contains(word), "\(word)")
        }
    }

    /// However many apps there are and however much they write.
    @Test func isSmall() throws {
        let line = String(repeating: "<é&", count: 1000)
        let tiles = (0..<24).map { index in
            var tile = HomeCase.tile("app-\(index)", .failed, lines: Array(repeating: line, count: 100))
            tile.state.reason = index < 12 ? String(repeating: "why ", count: 20) : nil
            tile.state.cure = index < 12 ? String(repeating: "cure ", count: 20) : nil
            return tile
        }
        let page = try text(HomeCase.home(tiles: tiles, job: HomeJob(command: line, startedAt: DoorCase.now)))
        #expect(page.utf8.count < 50_000)
    }

    @Test(arguments: [
        (AppState.ready, "Running", ["open", "restart", "stop"]),
        (.unready, "does not answer", ["open", "restart", "stop"]),
        (.starting, "Starting", ["stop"]), (.waiting, "Waits", ["stop"]), (.stopping, "Stopping", []),
        (.stopped, "Stopped", ["start"]), (.failed, "Failed", ["start"]),
        (.backingOff, "is started again soon", ["start", "stop"]),
        (.asleep, "Asleep", ["open", "start", "stop"]),
    ])
    func aTileOffersWhatMakesSense(state: AppState, words: String, actions: [String]) throws {
        let page = try text(of: HomeCase.tile("netron", state, link: "/p/netron/"))
        #expect(page.contains(words))
        for action in ["open", "start", "stop", "restart"] {
            #expect(page.contains("data-do=\"\(action)\"") == actions.contains(action), "\(action)")
        }
        #expect(page.contains("<form method=\"post\"") == !actions.isEmpty)
    }

    @Test func anOfferedAppShowsNothingButTheOffer() throws {
        var tile = HomeCase.tile("netron", .failed, link: "/p/netron/", lines: ["line"], isStarted: false)
        tile.state.reason = "reason"
        let page = try text(of: tile)
        #expect(page.contains("Not running"))
        #expect(page.contains("data-do=\"start\""))
        for word in ["data-do=\"open\"", "data-do=\"stop\"", "<details>", "reason", "Since"] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test func anAppThatNoButtonHelpsHasNone() throws {
        var tile = HomeCase.tile("netron", .failed)
        tile.state.reason = "its app line cannot be used"
        tile.hasButtons = false
        let page = try text(of: tile)
        #expect(page.contains("its app line cannot be used") && !page.contains("<form method"))
        for action in ["open", "start", "stop", "restart"] { #expect(!page.contains("data-do=\"\(action)\"")) }
    }

    /// A button is understood without the tile around it.
    @Test func namesTheAppInEachButton() throws {
        let page = try text(HomeCase.home())
        for word in ["Open", "Restart", "Stop"] {
            #expect(page.contains(">\(word)<span class=\"unseen\"> Tensorboard</span><"))
        }
        #expect(page.contains(">Start<span class=\"unseen\"> Jupyter</span></button>"))
    }

    @Test func showsTheNewestLines() throws {
        let page = try text(of: HomeCase.tile("netron", .failed, lines: (0..<100).map { "line \($0)." }))
        #expect(page.contains("line 80.\nline 81."))
        #expect(page.contains("line 99.</pre>"))
        #expect(!page.contains("line 79."))
        #expect(try !text(of: HomeCase.tile("netron", .failed)).contains("<details>"))
    }

    @Test func tellsWhyAndWhatHelps() throws {
        var tile = HomeCase.tile("netron", .backingOff)
        tile.state.reason = "it has no port"
        tile.state.cure = "give it one"
        tile.state.restarts = 3
        tile.state.retryAt = DoorCase.now
        let page = try text(of: tile)
        #expect(page.contains("it has no port") && page.contains("give it one"))
        #expect(page.contains("restarted 3 times; next start <time datetime=\"2025-10-09T08:53:20.000Z\">"))
    }

    @Test(
        arguments: [
            (nil, nil, 59, "ready\">Running for 59 s"), (nil, nil, 119, "ready\">Running for 1 min"),
            (nil, nil, 7501, "ready\">Running for 2 h 5 min"), (nil, nil, -1, "ready\">Running<"),
            (0, 60, 90, "ended\">Finished after 1 min, exit code 0"),
            (137, 5, 90, "failed\">Failed after 5 s, exit code 137"),
            (nil, 60, 90, "failed\">Ended after 1 min"),
        ] as [(Int32?, Int64?, Int64, String)])
    func saysHowTheJobIs(code: Int32?, ended: Int64?, age: Int64, words: String) throws {
        let begin = DoorCase.now.milliseconds - age * 1000
        let job = HomeJob(
            command: "python train.py", startedAt: WallTime(milliseconds: begin), exitCode: code,
            endedAt: ended.map { WallTime(milliseconds: begin + $0 * 1000) })
        let page = try text(HomeCase.home(job: job))
        #expect(page.contains("<p class=\"state \(words)"), "\(page)")
        #expect(page.contains("<code>python train.py</code>"))
    }

    @Test func aWrongClockDoesNotTrap() throws {
        for time in [Int64.min, .max] {
            let job = HomeJob(command: "", startedAt: WallTime(milliseconds: time))
            #expect(try text(HomeCase.home(job: job)).contains("Running"))
        }
    }

    /// The script finds in the fragment what it replaces in the page.
    @Test func theFragmentIsThePartThatChanges() throws {
        let route = HomeCase.home(job: HomeJob(command: "c", startedAt: DoorCase.now))
        let home = try #require(route.home)
        let fragment = HomePage(route: route, home: home, now: DoorCase.now).fragment
        #expect(fragment.values(of: "Cache-Control") == ["no-store"])
        #expect(fragment.values(of: "Content-Type") == ["text/html; charset=utf-8"])
        #expect(try text(route).contains(fragment.text))
        for part in ["id=\"job\"", "id=\"apps\"", "id=\"app-jupyter\""] { #expect(fragment.text.contains(part)) }
        #expect(!fragment.text.contains("<script"))
    }

    @Test func worksWithoutJavaScript() throws {
        let page = try text(HomeCase.home())
        #expect(page.contains("<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript>"))
        #expect(page.contains("<input type=\"hidden\" name=\"app\" value=\"jupyter\">"))
        #expect(page.contains("name=\"do\" value=\"start\""))
    }

    @Test func saysThatThereIsNoApp() throws {
        let page = try text(HomeCase.home(tiles: [], host: ""))
        #expect(page.contains("There is no app here yet"))
        #expect(page.contains("<title>Apps</title>"))
    }
}
