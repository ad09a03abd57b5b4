import Foundation
import Testing

/// What the page of another tenant can do to an app behind the front door's login: all tenants of the platform have one
/// host. Each test says what is kept out, and what is not (docs/operating.md).
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct DoorTenantTests {
    private static let victim = DoorStage.App.pages("victim", "--login")
    /// Another tenant's app, behind a door of ours.
    private static let neighbour = DoorStage.App.pages("neighbour", "--door")
    /// Another tenant's app, served by anything.
    private static let attacker = DoorStage.App.pages("attacker", "")

    /// A tab of the user's, at the attacker's page; another at the victim's, with a session.
    private static let attacking = "user.attack"
    private static let own = "user.victim"

    @Test func keepsOutWhatCanBeKeptOut() throws {
        try withLauncher { launcher in
            try launcher.install(.pages, as: "pages")
            let apps = [Self.victim, Self.neighbour, Self.attacker]
            try DoorStage.with(launcher, "door-tenant", apps) { stage in
                let line = try launcher.line("crater-run: victim: open ")
                let link = String(try #require(line.firstMatch(of: /open (\S+)$/)).1)
                launcher.errors.rewind()
                for app in [Self.neighbour, Self.attacker] {
                    try stage.waitUntilReady(app.name)
                    launcher.errors.rewind()
                }
                try stage.browser.open(link, in: Self.own)
                try stage.browser.shows("This is victim", in: Self.own)
                #expect(try stage.browser.open(Self.attacker.prefix, in: Self.attacking).status == 200)

                stage.part("fetch") { try expectFetchToRead(stage) }
                stage.part("Referer") { try expectAnyReferer(stage) }
                stage.part("a frame") { try expectFramesToBeReadUnlessDenied(stage) }
                stage.part("a window") { try expectWindowsToBeReadUnlessAlone(stage) }
                stage.part("a script's cookie") { try expectNoScriptToSetTheCookie(stage) }
                stage.part("a server's cookie") { try expectAServersCookieToLogOutAtMost(stage, link) }
                stage.part("a service worker") { try expectWorkersToStayAtTheirPrefix(stage, link) }
                stage.part("many cookies") { try expectManyCookiesToShutOut(stage) }
            }
        }
    }

    /// Runs a script in the page of an attacker.
    private func attack(
        _ script: String, with argument: String = "", on stage: DoorStage, from tab: String = Self.attacking
    ) throws -> String {
        try stage.browser.run(script, argument, in: tab)
    }

    private func get(_ path: String) -> String { "() => fetch('\(path)').then(answer => answer.text())" }

    /// Not prevented: the browser sends the user's cookie with what a page of the same host asks for.
    private func expectFetchToRead(_ stage: DoorStage) throws {
        #expect(try attack(get("\(Self.victim.prefix)data"), on: stage) == "the secret of victim")
        let received = try Received(attack(get("\(Self.victim.prefix)received"), on: stage))
        #expect(received["sec-fetch-site"] == ["same-origin"])
        #expect(received["cookie"] == [])
        // Prevented: the attacker's own browser gets nothing.
        try stage.browser.open(Self.attacker.prefix, in: "attacker.page")
        let refused = try attack(get("\(Self.victim.prefix)data"), on: stage, from: "attacker.page")
        #expect(refused.hasPrefix("crater-run: victim needs a login"))
        try stage.browser.leave("attacker")
    }

    /// Not prevented: the header names whatever page the attacker likes, so nothing is decided by it.
    private func expectAnyReferer(_ stage: DoorStage) throws {
        let forged =
            "() => fetch('\(Self.victim.prefix)received', {referrer: '\(Self.victim.prefix)'}).then(a => a.text())"
        let moved = """
            () => { history.replaceState(null, '', '\(Self.victim.prefix)');
                return fetch('\(Self.victim.prefix)received').then(answer => answer.text()); }
            """
        for script in [forged, moved] {
            let received = try Received(attack(script, on: stage))
            #expect(received["referer"] == [stage.browser.url(Self.victim.prefix)])
        }
        try stage.browser.open(Self.attacker.prefix, in: Self.attacking)
    }

    private func expectFramesToBeReadUnlessDenied(_ stage: DoorStage) throws {
        let frame = """
            path => new Promise(resolve => {
                const frame = document.createElement('iframe');
                frame.onload = () => resolve(frame.contentDocument?.querySelector('h1')?.textContent);
                frame.src = path;
                document.body.append(frame);
            })
            """
        // Not prevented by the door, which leaves it to the app.
        #expect(try attack(frame, with: Self.victim.prefix, on: stage) == "This is victim")
        // Prevented by the app's own header, which passes.
        #expect(try attack(frame, with: "\(Self.victim.prefix)deny", on: stage) == "undefined")
        // The door's own pages may be framed, since the platform does so: there is nothing in them to be read.
        let page = try stage.ingress.curl(Self.victim.prefix, ["--header", "Accept: text/html"])
        #expect(page["content-security-policy"]?.contains("frame-ancestors 'self'") == true)
        #expect(page["content-security-policy"]?.contains("default-src 'none'") == true)
    }

    private func expectWindowsToBeReadUnlessAlone(_ stage: DoorStage) throws {
        let open = "path => { window.victim = window.open(path); }"
        // Neither, or out of reach as a window of another host, while the browser exchanges what it had for the page.
        let isThere = """
            () => { try { return window.victim.closed || !!window.victim.document.querySelector('h1'); } catch { return false; } }
            """
        let read =
            "() => window.victim.closed ? 'out of reach' : window.victim.document.querySelector('h1').textContent"
        func heading(_ path: String, from tab: String = Self.attacking) throws -> String {
            _ = try attack(open, with: path, on: stage, from: tab)
            try stage.browser.satisfies(isThere, in: tab)
            return try attack(read, on: stage, from: tab)
        }
        // Not prevented by the door, which leaves it to the app.
        #expect(try heading(Self.victim.prefix) == "This is victim")
        // Prevented by the app's own header, which passes.
        #expect(try heading("\(Self.victim.prefix)alone") == "out of reach")
        // The door's own pages have the header: nobody reads the key that is typed there.
        try stage.browser.open(Self.attacker.prefix, in: "attacker.page")
        #expect(try heading(Self.victim.prefix, from: "attacker.page") == "out of reach")
        try stage.browser.leave("attacker")
    }

    private func session(_ stage: DoorStage, of person: String = "user") throws -> [Browser.KeptCookie] {
        try stage.browser.cookies(of: person, at: Self.victim.prefix).filter { $0.name.contains("crater-") }
    }

    /// Prevented by the cookie's name: a browser lets no script set it.
    private func expectNoScriptToSetTheCookie(_ stage: DoorStage) throws {
        let before = try session(stage)
        let name = try #require(before.first).name
        for path in ["/ingress/victim", "/ingress/victim/", "/"] {
            _ = try attack("text => { document.cookie = text; }", with: "\(name)=evil; Path=\(path); Secure", on: stage)
        }
        #expect(try session(stage).map(\.value) == before.map(\.value))
        #expect(try stage.browser.reload(Self.own).text.contains("This is victim"))
    }

    private func expectAServersCookieToLogOutAtMost(_ stage: DoorStage, _ link: String) throws {
        let name = try #require(try session(stage).first).name
        let script = "text => fetch('set-cookie?' + encodeURIComponent(text)).then(answer => answer.text())"
        func set(_ path: String) throws {
            #expect(try attack(script, with: "\(name)=evil; Path=\(path); Secure; HttpOnly", on: stage) == "set")
        }
        // Prevented: any one of several cookies that is valid counts.
        try set("/ingress/victim/")
        try set("/")
        #expect(try session(stage).count == 3)
        #expect(try stage.browser.reload(Self.own).text.contains("This is victim"))
        // Not prevented: a cookie with our path takes the place of ours.
        try set("/ingress/victim")
        #expect(try stage.browser.reload(Self.own).status == 401)
        // The login works again beside what the attacker has left, and there is no loop.
        try stage.browser.open(link, in: Self.own)
        try stage.browser.shows("This is victim", in: Self.own)
        #expect(try stage.browser.reload(Self.own).status == 200)
    }

    private func expectWorkersToStayAtTheirPrefix(_ stage: DoorStage, _ link: String) throws {
        let register = """
            scope => navigator.serviceWorker.register('worker.js', {scope}).then(() => navigator.serviceWorker.ready)
                .then(() => 'registered')
            """
        // Prevented behind a door: the header that allows more is clamped.
        try stage.browser.open(Self.neighbour.prefix, in: "reader.attack")
        for scope in ["/", "/ingress/", "/ingress/neighbour", Self.victim.prefix] {
            #expect(
                try attack(register, with: scope, on: stage, from: "reader.attack").hasPrefix("SecurityError"),
                "\(scope)")
        }
        #expect(try attack(register, with: Self.neighbour.prefix, on: stage, from: "reader.attack") == "registered")
        #expect(try stage.browser.reload("reader.attack").text == "taken over by neighbour")
        try stage.browser.open(link, in: "reader.victim")
        try stage.browser.shows("This is victim", in: "reader.victim")
        try stage.browser.leave("reader")

        // Not prevented by the victim's door: the ingress has to clamp the header for apps that have none.
        try stage.browser.open(Self.attacker.prefix, in: "reader.attack")
        #expect(try attack(register, with: "/", on: stage, from: "reader.attack") == "registered")
        #expect(try stage.browser.open(Self.victim.prefix, in: "reader.victim").text == "taken over by attacker")
        try stage.browser.leave("reader")
    }

    /// Not prevented: the ingress refuses before the door is asked, until the user deletes the cookies.
    private func expectManyCookiesToShutOut(_ stage: DoorStage) throws {
        let value = "x".padding(toLength: 3900, withPad: "x", startingAt: 0)
        let words = (0..<20).flatMap { ["--header", "Cookie: c\($0)=\(value)"] }
        #expect(try stage.ingress.curl("\(Self.victim.prefix)data", ["--http1.1"] + words).status == 400)
        let fill = """
            value => { for (let i = 0; i < 20; i++)
                document.cookie = 'c' + i + '=' + value + '; Path=/ingress/victim; Secure'; }
            """
        _ = try attack(fill, with: value, on: stage)
        // By HTTP/2, nginx ends the connection without an answer.
        let status = "() => fetch('\(Self.victim.prefix)').then(answer => answer.status)"
        #expect(try ["400", "TypeError: Failed to fetch"].contains(attack(status, on: stage)))
    }
}
