import Foundation
import Glibc
import Testing

/// The front door's login as people and scripts meet it: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct DoorLoginPageTests {
    private static let app = DoorStage.App.pages("guarded", "--login")
    private static let prefix = app.prefix
    private static let loginPage = "\(prefix).crater-run/login"

    @Test func asksForTheKeyOnceAndRemembers() throws {
        try withLauncher { launcher in
            try launcher.install(.pages, as: "pages")
            try DoorStage.with(launcher, "door-login", [Self.app]) { stage in
                let line = try launcher.line("crater-run: guarded: open ")
                let link = String(try #require(line.firstMatch(of: /open (\S+)$/)).1)
                let key = String(try #require(link.firstMatch(of: /#key=(.+)$/)).1)
                #expect(link == "\(Self.prefix)#key=\(key)")
                #expect(key.utf8.count >= 32, "24 random bytes in base64 or more")

                stage.part("the link") { try expectTheLinkLogsIn(stage, link, key) }
                stage.part("the form") { try expectTheFormLogsIn(stage, key) }
                stage.part("a key in the query") { try expectAKeyInTheQueryGoesAway(stage, key) }
                stage.part("next") { try expectNextStaysBelowThePrefix(stage, key) }
                stage.part("scripts") { try expectScriptsToUseTheKey(stage, key) }
                stage.part("what the app gets") { try expectTheAppToGetNeitherCookieNorKey(stage, key) }
                stage.part("other sites") { try expectOtherSitesToChangeNothing(stage) }
                stage.part("the state page") { try expectOutputForThoseWithTheKeyAlone(stage) }
                stage.part("restarts") { try expectSessionsToOutliveRestarts(stage) }
                stage.part("log out") { try expectLoggingOutToEndTheSession(stage) }
                stage.part("secrecy") { try expectTheKeyInOneLineAlone(stage, link, key) }
            }
        }
    }

    private func expectTheLinkLogsIn(_ stage: DoorStage, _ link: String, _ key: String) throws {
        try stage.browser.open(link, in: "one.page")
        try stage.browser.shows("This is guarded", in: "one.page")
        #expect(try stage.browser.page("one.page").url == stage.browser.url(Self.prefix))
        try stage.browser.satisfies("() => document.getElementById('state').textContent === 'open'", in: "one.page")

        let cookies = try stage.browser.cookies(of: "one", at: Self.prefix)
        let cookie = try #require(cookies.first)
        #expect(cookies.count == 1)
        #expect(cookie.name.hasPrefix("__Http-crater-"))
        #expect(cookie.path == Self.prefix.dropLast())
        #expect(cookie.httpOnly && cookie.secure && cookie.sameSite == "Lax")
        #expect(!cookie.value.contains(key))
        let lasts = cookie.expires - Date().timeIntervalSince1970
        #expect(lasts > 0 && lasts <= 12 * 3600)
        #expect(try stage.browser.cookies(of: "one", at: "/ingress/other/").isEmpty)

        // As the platform shows apps.
        try stage.browser.open(Ingress.framed("guarded"), in: "one.platform")
        try stage.browser.shows("This is guarded", in: "one.platform/app")

        try stage.browser.open("\(Self.prefix)#key=wrong-key-of-nobody", in: "two.page")
        try stage.browser.shows("This key is wrong.", in: "two.page")
        #expect(try !stage.browser.page("two.page").url.contains("wrong-key"))
        try stage.browser.leave("two")
    }

    /// The page that was asked for comes after it, with its query and its fragment.
    private func expectTheFormLogsIn(_ stage: DoorStage, _ key: String) throws {
        let deep = "\(Self.prefix)deep/page?a=%2F+b&c#part"
        let opened = try stage.browser.open(deep, in: "two.page")
        #expect(opened.status == 401)
        #expect(opened.text.contains("guarded: log in"))
        #expect(opened.text.contains("A login keeps out who guesses or scans paths, and not another tenant's page"))
        try stage.browser.screenshot("door-login", of: "two.page")
        try stage.browser.logIn("two.page", key: "\(key)x")
        try stage.browser.shows("This key is wrong.", in: "two.page")
        try stage.browser.logIn("two.page", key: key)
        try stage.browser.shows("This is guarded", in: "two.page")
        #expect(try stage.browser.page("two.page").url == stage.browser.url(deep))
        #expect(try stage.browser.page("two.page").text.contains("The page \(Self.prefix)deep/page?a=%2F+b&c"))
    }

    private func expectAKeyInTheQueryGoesAway(_ stage: DoorStage, _ key: String) throws {
        let answer = try stage.ingress.curl("\(Self.prefix)deep?a=%2F+b&key=\(key)&c")
        #expect(answer.status == 303)
        #expect(answer["location"] == "\(Self.prefix)deep?a=%2F+b&c")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["referrer-policy"] == "no-referrer")
        let opened = try stage.browser.open("\(Self.prefix)deep?a=1&key=\(key)&b=2", in: "three.page")
        #expect(opened.status == 200)
        #expect(opened.url == stage.browser.url("\(Self.prefix)deep?a=1&b=2"))
        try stage.browser.leave("three")
    }

    private func expectNextStaysBelowThePrefix(_ stage: DoorStage, _ key: String) throws {
        let places = [
            "//evil.test/", "///evil.test/", "/\\evil.test/", "https://evil.test/", "/ingress/other/",
            "\(Self.prefix)/evil.test/", "\(Self.prefix)%2f%2fevil.test/", "\(Self.prefix)../other/",
            "\(Self.prefix)%2e%2e/other/", "/ingress/guardedx/",
        ]
        func next(_ place: String) throws -> String? {
            let form = ["--data-urlencode", "key=\(key)", "--data-urlencode", "next=\(place)"]
            let answer = try stage.ingress.curl(Self.loginPage, form)
            #expect(answer.status == 303)
            return answer["location"]
        }
        for place in places { #expect(try next(place) == Self.prefix, "\(place)") }
        #expect(try next("\(Self.prefix)a//b?c=//d#/e") == "\(Self.prefix)a//b?c=//d#/e")
    }

    private func expectScriptsToUseTheKey(_ stage: DoorStage, _ key: String) throws {
        let right = ["--header", "Authorization: Bearer \(key)"]
        let cross =
            right + ["--data", "x", "--header", "Sec-Fetch-Site: cross-site", "--header", "Origin: https://e.test"]
        #expect(try stage.ingress.curl("\(Self.prefix)data", right).body == "the secret of guarded")
        #expect(try stage.ingress.curl("\(Self.prefix)data", cross).body == "took 1 bytes")
        for words in [[], ["--header", "Authorization: Bearer \(key)x"], ["--header", "Cookie: a=b"]] {
            let answer = try stage.ingress.curl("\(Self.prefix)data", words)
            #expect(answer.status == 401)
            #expect(answer.body.hasPrefix("crater-run: guarded needs a login"))
            #expect(answer["www-authenticate"]?.hasPrefix("Bearer") == true)
        }
    }

    private func expectTheAppToGetNeitherCookieNorKey(_ stage: DoorStage, _ key: String) throws {
        func received(_ options: String) throws -> Received {
            let script = "() => fetch('received?a=%2F+b', \(options)).then(answer => answer.text())"
            return try Received(stage.browser.run(script, in: "one.page"))
        }
        _ = try stage.browser.run("() => { document.cookie = 'own=1; path=\(Self.prefix)' }", in: "one.page")
        let byCookie = try received("{method: 'GET'}")
        #expect(byCookie.path == "\(Self.prefix)received?a=%2F+b")
        #expect(byCookie["cookie"] == ["own=1"])
        #expect(byCookie["host"] == ["\(Ingress.host):\(stage.ingress.port)"])
        let byKey = try received("{headers: {Authorization: 'Bearer \(key)'}, credentials: 'omit'}")
        #expect(byKey["authorization"] == [])
        #expect(byKey["cookie"] == [])
        // What is not ours stays.
        let basic = try received("{headers: {Authorization: 'Basic eDp5'}}")
        #expect(basic["authorization"] == ["Basic eDp5"])
    }

    /// A cookie that a browser sends for a page of another site counts for reading alone.
    private func expectOtherSitesToChangeNothing(_ stage: DoorStage) throws {
        let own = try stage.browser.run(
            "() => fetch('data', {method: 'POST', body: 'xyz'}).then(a => a.text())", in: "one.page")
        #expect(own == "took 3 bytes")
        let echo = """
            () => new Promise((resolve, reject) => {
                const socket = new WebSocket('wss://' + location.host + '\(Self.prefix)socket');
                socket.onopen = () => socket.send('hello');
                socket.onmessage = message => { resolve(message.data); socket.close(); };
                socket.onerror = () => reject(new Error('refused'));
            })
            """
        #expect(try stage.browser.run(echo, in: "one.page") == "hello")

        let cookie = try #require(try stage.browser.cookies(of: "one", at: Self.prefix).first { $0.httpOnly })
        let session = ["--header", "Cookie: \(cookie.name)=\(cookie.value)"]
        func status(_ path: String, _ words: [String]) throws -> Int {
            try stage.ingress.curl("\(Self.prefix)\(path)", session + words).status
        }
        let post = ["--data", "x"]
        let upgrade = ["--http1.1", "--header", "Connection: Upgrade", "--header", "Upgrade: websocket"]
        #expect(try status("data", []) == 200)
        #expect(try status("data", post) == 200, "an old browser")
        let others = [
            "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://evil.test", "Origin: null",
        ]
        for header in others {
            #expect(try status("data", post + ["--header", header]) == 403, "\(header)")
            #expect(try status("socket", upgrade + ["--header", header]) == 403, "\(header)")
        }
        #expect(try status("socket", upgrade) == 403, "neither header")
        #expect(try status("data", ["--header", "Sec-Fetch-Site: cross-site"]) == 200, "a link from another site")
    }

    /// While the app is stopped, everybody sees its state, and those with a session see what it wrote.
    private func expectOutputForThoseWithTheKeyAlone(_ stage: DoorStage) throws {
        #expect(try stage.launcher.ask("stop", "guarded").ending == .exited(0))
        try stage.launcher.waitUntilShown("guarded", "stopped")
        try waitUntilNavigatingGives(503, stage)
        for person in ["one", "stranger"] {
            let opened = try stage.browser.open(Self.prefix, in: "\(person).page")
            #expect(opened.status == 503)
            #expect(opened.text.contains("guarded is stopped"))
            #expect(opened.text.contains("<b>guarded</b> & its output") == (person == "one"))
        }
        try stage.browser.screenshot("door-stopped", of: "one.page")
        #expect(try stage.launcher.ask("start", "guarded").ending == .exited(0))
        try stage.browser.shows("This is guarded", in: "one.page")
        try stage.browser.shows("guarded: log in", in: "stranger.page")
        try stage.browser.leave("stranger")
    }

    /// Waits until the door knows what has become of the app: whoever has no session is asked to log in only while there is
    /// an app.
    private func waitUntilNavigatingGives(_ status: Int, _ stage: DoorStage) throws {
        try stage.launcher.wait(until: "the door gives \(status)") {
            (try? stage.ingress.curl(Self.prefix, ["--header", "Accept: text/html"]).status) == status
        }
    }

    private func expectSessionsToOutliveRestarts(_ stage: DoorStage) throws {
        let launcher = stage.launcher
        let pid = try stage.pid("guarded")
        #expect(try launcher.ask("restart", "guarded").ending == .exited(0))
        try launcher.wait(until: "another process is ready") {
            try launcher.shownSupervisor()["guarded"].map { $0.pid != pid && $0.state == "ready" } ?? false
        }
        try waitUntilNavigatingGives(401, stage)
        #expect(try stage.browser.reload("one.page").text.contains("This is guarded"))

        let door = try launcher.doorPID()
        kill(door, SIGKILL)
        #expect(try stage.browser.reload("one.page").text.contains("This is guarded"))
        #expect(try launcher.doorPID(after: door) != door)

        kill(try launcher.supervisorPID(), SIGKILL)
        try launcher.line("the supervisor of the apps was killed by SIGKILL")
        try stage.waitUntilReady("guarded")
        try waitUntilNavigatingGives(401, stage)
        #expect(try stage.browser.reload("one.page").text.contains("This is guarded"))
        // What the page has kept open comes back without being told.
        try stage.browser.satisfies("() => document.getElementById('state').textContent === 'open'", in: "two.page")
    }

    private func expectLoggingOutToEndTheSession(_ stage: DoorStage) throws {
        #expect(try stage.browser.open(Self.loginPage, in: "two.page").text.contains("guarded: logged in"))
        try stage.browser.press("Log out", in: "two.page")
        try stage.browser.shows("guarded: log in", in: "two.page")
        #expect(try stage.browser.cookies(of: "two", at: Self.prefix).isEmpty)
        #expect(try stage.browser.reload("two.page").status == 401)
        // It was one person's alone.
        #expect(try stage.browser.reload("one.page").status == 200)
    }

    private func expectTheKeyInOneLineAlone(_ stage: DoorStage, _ link: String, _ key: String) throws {
        let said = try stage.launcher.ask("status", "--links")
        #expect(said.ending == .exited(0))
        #expect(said.output.contains(link))
        #expect(try !stage.launcher.ask("status").output.contains(key))
        #expect(try !stage.launcher.ask("status", "--output", "json").output.contains(key))
        // Another supervisor has printed the link again.
        let lines = stage.launcher.everything.split(separator: "\n").filter { $0.contains(key) }
        #expect(Set(lines) == ["crater-run: guarded: open \(link)"])
        // The form and the link bring the key to the server without a trace at the ingress; the tests of `?key=` do not.
        let traces = try stage.ingress.browsersPaths().filter { $0.contains(key) }
        #expect(traces == ["\(Self.prefix)deep?a=1&key=\(key)&b=2"])
    }
}
