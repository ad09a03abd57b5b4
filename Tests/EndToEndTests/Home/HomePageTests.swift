import Foundation
import Testing

/// The home page as people see it: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct HomePageTests {
    private static let home = DoorStage.home()
    private static let prefix = home.prefix
    private static let tab = "one.home"

    @Test func appsAreOpenedAndStoppedFromOnePage() throws {
        try withLauncher { launcher in
            try launcher.install(.pages, as: "pages")
            let lines = ["app board -- pages {port} {prefix} board"]
            try DoorStage.with(launcher, "door-home", [Self.home], and: lines) { stage in
                let line = try launcher.line("crater-run: home: open \(Self.prefix)#key=")
                let key = String(try #require(line.split(separator: "=").last))
                stage.part("the link") { try expectTheLinkLogsIn(stage, key) }
                stage.part("buttons") { try expectButtonsToNeedNoReload(stage) }
                stage.part("open") { try expectOpenToLeadToTheApp(stage) }
                stage.part("the keyboard") { try expectTheKeyboardToBeEnough(stage) }
                stage.part("an offer") { try expectAnOfferToStart(stage) }
                stage.part("other sites") { try expectOtherSitesToStartNothing(stage) }
                stage.part("the first load") { try expectASmallPage(stage) }
                stage.part("without JavaScript") { try expectAllWithoutScripts(stage, key) }
                stage.part("requests") { try expectRequestsToStayBelow(stage, key) }
            }
        }
    }

    private func shows(_ app: String, _ state: String, _ stage: DoorStage) throws {
        let script = "words => document.querySelector('#app-\(app) .state')?.textContent === words"
        try stage.browser.satisfies(script, state, in: Self.tab)
    }

    /// Remembers what the tile says, for ``isAnotherRun(_:_:)``.
    private func noteRun(_ app: String, _ stage: DoorStage) throws {
        _ = try stage.browser.run(
            "() => { window.run = document.querySelector('#app-\(app) .quiet').textContent; }", in: Self.tab)
    }

    /// Waits until the app runs, since another time or after more restarts than noted.
    private func isAnotherRun(_ app: String, _ stage: DoorStage) throws {
        let tile = "document.querySelector('#app-\(app)')"
        try stage.browser.satisfies(
            """
            () => \(tile).querySelector('.state').textContent === 'Running'
                && \(tile).querySelector('.quiet').textContent !== window.run
            """, in: Self.tab)
    }

    private func expectTheLinkLogsIn(_ stage: DoorStage, _ key: String) throws {
        try stage.browser.open("\(Self.prefix)#key=\(key)", in: Self.tab)
        try stage.browser.shows("An app of this job", in: Self.tab)
        #expect(try stage.browser.page(Self.tab).url == stage.browser.url(Self.prefix))
        try shows("board", "Running", stage)
        let cookies = try stage.browser.cookies(of: "one", at: "\(Self.prefix)board/")
        #expect(cookies.map(\.path) == [String(Self.prefix.dropLast())], "one login for all apps")
        #expect(try stage.browser.cookies(of: "one", at: "/ingress/other/").isEmpty)
        try stage.browser.screenshot("home", of: Self.tab)
    }

    private func expectButtonsToNeedNoReload(_ stage: DoorStage) throws {
        _ = try stage.browser.run("() => { window.isSame = true; }", in: Self.tab)
        try stage.browser.click("Stop board", in: Self.tab)
        try shows("board", "Stopped", stage)
        try stage.browser.click("Start board", in: Self.tab)
        try shows("board", "Running", stage)
        try noteRun("board", stage)
        try stage.browser.click("Restart board", in: Self.tab)
        try stage.launcher.line("board: asked to restart from the home page")
        try isAnotherRun("board", stage)
        #expect(try stage.browser.run("() => window.isSame", in: Self.tab) == "true")
    }

    private func expectOpenToLeadToTheApp(_ stage: DoorStage) throws {
        let opened = try stage.browser.follow("Open board", in: Self.tab)
        #expect(opened.status == 200 && opened.text.contains("This is board"))
        #expect(opened.url == stage.browser.url("\(Self.prefix)board/"))
        try stage.browser.satisfies("() => document.getElementById('state').textContent === 'open'", in: Self.tab)
        #expect(try stage.browser.open(Self.prefix, in: Self.tab).status == 200)
    }

    /// The tile with the focus is exchanged, and the focus stays there.
    private func expectTheKeyboardToBeEnough(_ stage: DoorStage) throws {
        func goTo(_ name: String) throws {
            for _ in 0..<40 where try stage.browser.keys("Tab", in: Self.tab) == "app-board: \(name)" { return }
            throw Failure("Tab does not lead to \(name), but to \(try stage.browser.focused(in: Self.tab))")
        }
        _ = try stage.browser.run("() => document.activeElement.blur()", in: Self.tab)
        try goTo("Stop board")
        try stage.browser.keys("Enter", in: Self.tab)
        try shows("board", "Stopped", stage)
        #expect(try stage.browser.focused(in: Self.tab).hasPrefix("app-board: "))
        try goTo("Start board")
        try stage.browser.keys("Enter", in: Self.tab)
        try shows("board", "Running", stage)
        #expect(try stage.browser.focused(in: Self.tab).hasPrefix("app-board: "))
        try goTo("Open board")
        // What changes here changes the tile, but not its link.
        try noteRun("board", stage)
        #expect(try stage.launcher.ask("restart", "board").ending == .exited(0))
        try isAnotherRun("board", stage)
        #expect(try stage.browser.focused(in: Self.tab).hasPrefix("app-board: "))
    }

    private func expectAnOfferToStart(_ stage: DoorStage) throws {
        try shows("tensorboard", "Not running", stage)
        #expect(stage.launcher.launches.isEmpty)
        try stage.browser.click("Start TensorBoard", in: Self.tab)
        try shows("tensorboard", "Running", stage)
        #expect(stage.launcher.launches.count == 1)
    }

    private func expectOtherSitesToStartNothing(_ stage: DoorStage) throws {
        let cookie = try #require(try stage.browser.cookies(of: "one", at: Self.prefix).first)
        let words = ["--header", "Cookie: \(cookie.name)=\(cookie.value)", "--data", "app=board&do=stop"]
        for header in ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.test"] {
            let answer = try stage.ingress.curl("\(Self.prefix).crater-run/app", words + ["--header", header])
            #expect(answer.status == 403, "\(header)")
        }
        #expect(try stage.pid("board") > 0)
        try shows("board", "Running", stage)
    }

    private func expectASmallPage(_ stage: DoorStage) throws {
        try stage.browser.reload(Self.tab)
        let script = """
            () => new Promise(resolve => {
                const read = () => {
                    const page = performance.getEntriesByType('navigation')[0];
                    if (!page.loadEventEnd) return setTimeout(read, 10);
                    const files = performance.getEntriesByType('resource').filter(one => one.startTime < page.loadEventEnd);
                    const bytes = [page, ...files].reduce((sum, one) => sum + one.transferSize, 0);
                    resolve(`${bytes} ${Math.round(page.loadEventEnd)}`);
                };
                read();
            })
            """
        let numbers = try stage.browser.run(script, in: Self.tab).split(separator: " ").compactMap { Int($0) }
        try #require(numbers.count == 2)
        print("the home page: \(numbers[0]) bytes, \(numbers[1]) ms from loopback")
        #expect(numbers[0] > 1000 && numbers[0] < 50_000)
    }

    private func expectAllWithoutScripts(_ stage: DoorStage, _ key: String) throws {
        let plain = "plain.home"
        #expect(try stage.browser.open(Self.prefix, in: plain).status == 401)
        try stage.browser.logIn(plain, key: key)
        try stage.browser.shows("An app of this job", in: plain)
        try stage.browser.press("Stop board", in: plain)
        // The page loads again by itself until then.
        try stage.browser.shows("Stopped", in: plain)
        try stage.browser.press("Start board", in: plain)
        try stage.launcher.waitUntilShown("board", "ready")
        try stage.browser.shows("Open board", in: plain)
        #expect(try stage.launcher.ask("stop", "board").ending == .exited(0))
        try stage.browser.shows("Stopped", in: plain)
        try stage.browser.screenshot("home-plain", of: plain)
        #expect(try stage.browser.page(plain).url == stage.browser.url(Self.prefix))
        try stage.browser.leave("plain")
        #expect(try stage.launcher.ask("start", "board").ending == .exited(0))
        try shows("board", "Running", stage)
    }

    /// The platform may have no way to the internet.
    private func expectRequestsToStayBelow(_ stage: DoorStage, _ key: String) throws {
        let traffic = try stage.browser.traffic(of: "one")
        // The answer to the link is the login, and whoever leaves the page hangs up on what it asked for.
        traffic.expectAll(
            within: [Self.prefix], of: stage.ingress, abandoning: ["\(Self.prefix).crater-run/tiles"],
            loginPages: [Self.prefix, "\(Self.prefix)#key=\(key)"])
        #expect(try stage.ingress.browsersPaths().filter { !$0.hasPrefix(Self.prefix) } == [])
    }
}
