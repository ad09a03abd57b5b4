import Foundation
import Glibc
import Testing

/// The front door behind Caddy: what depends on the proxy in front.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct DoorCaddyTests {
    private static let app = DoorStage.App.pages("guarded", "--login")
    private static let page = "one.page"
    private static let frame = "one.platform/app"

    @Test func servesPagesAndSocketsWithALogin() throws {
        try withLauncher { launcher in
            try launcher.install(.pages, as: "pages")
            try DoorStage.with(launcher, "door-caddy", [Self.app], behind: .caddy) { stage in
                let line = try launcher.line("crater-run: guarded: open ")
                let key = String(try #require(line.firstMatch(of: /#key=(\S+)$/)).1)
                let browser = stage.browser
                #expect(try browser.open(Self.app.prefix, in: Self.page).status == 401)
                try browser.logIn(Self.page, key: key)
                try browser.shows("This is guarded", in: Self.page)
                let session = try browser.cookies(of: "one", at: Self.app.prefix)
                #expect(session.map(\.secure) == [true], "the door knows that the browser came by TLS")
                try browser.open(Ingress.framed("guarded"), in: "one.platform")
                for tab in [Self.page, Self.frame] {
                    try browser.shows("This is guarded", in: tab)
                    try expectSocket(tab, opened: 1, browser)
                }

                let post = "() => fetch('data', {method: 'POST', body: 'x'.repeat(100000)}).then(a => a.text())"
                #expect(try browser.run(post, in: Self.page) == "took 100000 bytes")
                // Caddy says who the browser is; what the browser says of itself, Caddy takes away.
                let words = ["--header", "Authorization: Bearer \(key)", "--header", "X-Forwarded-For: 10.0.0.7"]
                let path = "\(Self.app.prefix)received?a=%2F+b&d"
                let received = try Received(stage.ingress.curl(path, words).body)
                #expect(received.path == path)
                #expect(received["x-forwarded-for"] == ["127.0.0.1, 127.0.0.1"])
                #expect(received["x-forwarded-proto"] == ["https"])

                let pid = try stage.pid("guarded")
                let door = try launcher.doorPID()
                kill(door, SIGKILL)
                for tab in [Self.page, Self.frame] { try expectSocket(tab, opened: 2, browser) }
                #expect(try browser.reload(Self.page).status == 200, "the session outlives the door")
                #expect(try launcher.doorPID(after: door) != door)
                #expect(try stage.pid("guarded") == pid)
            }
        }
    }

    /// Waits until the page's websocket is open for the n-th time.
    private func expectSocket(_ tab: String, opened count: Int, _ browser: Browser) throws {
        let isOpen = """
            count => document.getElementById('state').textContent === 'open'
                && Number(document.getElementById('count').textContent) >= Number(count)
            """
        try browser.satisfies(isOpen, "\(count)", in: tab)
    }
}
