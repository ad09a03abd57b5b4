import CraterRunCore
import Foundation
import Glibc
import Testing

/// One rule for all apps of a job: the home page and the apps below it.
@Suite(.timeLimit(TestTime.limit))
struct HomeServingTests {
    private func pid(_ launcher: Launcher, _ number: Int) throws -> String { "\(try launcher.launch(number).pid)\n" }

    @Test(arguments: Mode.available)
    func oneRuleServesAllApps(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let home = try Home.start(launcher, ["tensorboard"])
            #expect(HTTP.get(home.prefix, port: home.port)?.status == 401)
            #expect(HTTP.get(home.prefix, port: home.port, fields: ["Authorization: Bearer wrong"])?.status == 401)
            try home.waitUntilShown("tensorboard", "Running")
            let page = try #require(home.get())
            #expect(page.status == 200 && page.body.utf8.count < 50_000)
            #expect(page.body.contains("href=\"\(home.prefix)tensorboard/\""))
            #expect(try home.waitUntilServed("tensorboard") == pid(launcher, 1))
            #expect(try launcher.launch().arguments.contains("--path_prefix=\(home.prefix)tensorboard"))
            let app = "\(home.prefix)tensorboard/data/environment"
            #expect(HTTP.get(app, port: home.port)?.status == 401, "the login is that of the page")

            #expect(try home.press("stop", "tensorboard") == 204)
            try home.waitUntilShown("tensorboard", "Stopped")
            #expect(try home.press("start", "tensorboard") == 204)
            try home.waitUntilShown("tensorboard", "Running")
            #expect(try home.waitUntilServed("tensorboard") == pid(launcher, 2))
            #expect(try home.press("restart", "tensorboard") == 204)
            _ = try launcher.launch(3)
            try home.waitUntilShown("tensorboard", "Running")
            #expect(try home.waitUntilServed("tensorboard") == pid(launcher, 3))

            try launcher.finishJob(code: 7)
            #expect(try launcher.end() == .exited(7))
            #expect(launcher.leftovers() == [] && Port.isFree(home.port))
        }
    }

    @Test(arguments: Mode.available)
    func thePageComesBackAfterEveryDeath(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let home = try Home.start(launcher, ["tensorboard"])
            try home.waitUntilServed("tensorboard")
            let links = try launcher.ask("status", "--links").output
            #expect(
                links.split(separator: "\n").contains { $0.hasSuffix("\(home.prefix)#key=\(home.key)") }, "\(links)")

            kill(try #require(launcher.hostPID(of: try launcher.launch(1).pid)), SIGKILL)
            _ = try launcher.launch(2)
            #expect(try home.waitUntilServed("tensorboard") == pid(launcher, 2))
            try home.waitUntilShown("tensorboard", "Running")

            let door = try launcher.doorPID()
            kill(door, SIGKILL)
            _ = try launcher.doorPID(after: door)
            #expect(try launcher.wait(for: "the page") { home.get() }.status == 200, "nobody is refused")
            #expect(try home.waitUntilServed("tensorboard") == pid(launcher, 2))

            let supervisor = try launcher.supervisorPID()
            kill(supervisor, SIGKILL)
            _ = try launcher.supervisorPID(after: supervisor)
            _ = try launcher.launch(3)
            #expect(try home.waitUntilServed("tensorboard") == pid(launcher, 3))
            try home.waitUntilShown("tensorboard", "Running")
            #expect(try launcher.ask("status", "--links").output == links)

            try launcher.finishJob(code: 3)
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.leftovers() == [] && Port.isFree(home.port))
        }
    }

    @Test func thePageAndItsAppsMoveWithTheRule() throws {
        try withLauncher { launcher in
            var home = try Home.start(launcher, ["tensorboard"])
            try home.waitUntilServed("tensorboard")
            let (key, before, port) = (home.key, home.prefix, home.port)
            launcher.podInfo.removeRule("home")
            try launcher.podInfo.write()
            try launcher.line("home: its ingress rule is gone; the page is closed")
            try launcher.wait(until: "the port to be free") { Port.isFree(port) }

            try home.move(to: "/ingress/liuxw24-m0ved/", at: Port.free())
            try home.readKey()
            #expect(home.key == key)
            try home.waitUntilServed("tensorboard")
            try home.waitUntilShown("tensorboard", "Running")
            #expect(try #require(launcher.launches.last).arguments.contains("--path_prefix=\(home.prefix)tensorboard"))

            // Now without a gap between the two rules, at the same port.
            let (second, count) = (home.prefix, launcher.launches.count)
            try home.move(to: before, at: home.port)
            try home.readKey()
            _ = try launcher.launch(count + 1)
            try home.waitUntilServed("tensorboard")
            #expect(HTTP.get(second, port: home.port)?.status == 404, "the old path is nobody's any more")
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0) && launcher.leftovers() == [])
        }
    }

    @Test func whatIsInstalledIsOfferedAndCostsNothing() throws {
        try withLauncher { launcher in
            let home = try Home.start(launcher, [])
            try home.waitUntilShown("tensorboard", "Not running")
            let visit = home.get("tensorboard/", fields: ["Accept: text/html", "Sec-Fetch-Mode: navigate"])
            #expect(visit?.status == 303)
            #expect(visit?.head.contains("ocation: \(home.prefix)\r") == true, "\(visit?.head ?? "")")
            #expect(home.get("nobody/", fields: ["Accept: text/html", "Sec-Fetch-Mode: navigate"])?.status == 404)
            #expect(home.get(".crater-run/app")?.status == 405)
            #expect(try home.press("start", "nobody") == 404)
            #expect(try home.press("remove", "tensorboard") == 400)
            #expect(try home.press("start", "tensorboard", fields: []) == 401)
            #expect(try home.press("start", "tensorboard", fields: ["Authorization: Bearer wrong"]) == 401)
            #expect(launcher.launches.isEmpty)

            #expect(try home.press("start", "tensorboard") == 204)
            #expect(try home.waitUntilServed("tensorboard") == pid(launcher, 1))
            try home.waitUntilShown("tensorboard", "Running")
            #expect(launcher.launches.count == 1)
        }
    }

    @Test func anAppWithARuleOfItsOwnStaysThere() throws {
        try withLauncher { launcher in
            let port = Port.free()
            launcher.podInfo.setRule("board", port: port, prefix: "/ingress/board/")
            let home = try Home.start(launcher, Array(Launcher.line("board").dropFirst()) + ["tensorboard"])
            try home.waitUntilShown("board", "Running")
            try home.waitUntilShown("tensorboard", "Running")
            let page = try #require(home.get()).body
            #expect(page.contains("href=\"/ingress/board/\"") && page.contains("href=\"\(home.prefix)tensorboard/\""))
            #expect(launcher.status(port: port, "/ingress/board/") == 200)
            #expect(try home.press("stop", "board") == 204)
            try home.waitUntilShown("board", "Stopped")
            #expect(home.state(of: "tensorboard") == "Running")
        }
    }

    /// A job that wants the port of a rule with the page's name gets the port, since it would end without it.
    @Test func aJobHasTheRulesPortFirst() throws {
        try withLauncher { launcher in
            let port = Port.free()
            launcher.podInfo.setRule("home", port: port, prefix: "/ingress/liuxw24-h0me/")
            let server = "import http.server as h; h.test(h.SimpleHTTPRequestHandler, port=\(port), bind='127.0.0.1')"
            try launcher.startUp(["--auto-delay", "10s"], job: ["python3", "-c", server])
            try launcher.line("crater-run: warning: home: cannot be opened: port \(port) is in use")
            #expect(HTTP.get("/", port: port)?.status == 200, "the job answers there")
        }
    }

    /// The page and the exit code of the job, after its end and over the death of the supervisor.
    @Test(arguments: Mode.available)
    func thePageShowsTheJobsEnd(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let home = try Home.start(launcher, ["tensorboard"], options: ["--home", "home", "--linger", "1h"])
            try home.waitUntilShown("tensorboard", "Running")
            #expect(home.get()?.body.contains("Running for") == true)
            try launcher.finishJob(code: 3)
            func waitForTheCode() throws {
                try launcher.wait(until: "the page shows the exit code") {
                    home.get()?.body.contains("exit code 3</p>") == true
                }
            }
            try waitForTheCode()
            let supervisor = try launcher.supervisorPID()
            kill(supervisor, SIGKILL)
            _ = try launcher.supervisorPID(after: supervisor)
            try waitForTheCode()
            try home.waitUntilShown("tensorboard", "Running")
            launcher.send(SIGTERM)
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.leftovers() == [] && Port.isFree(home.port))
        }
    }

    @Test func withoutItsRuleThereIsNoPage() throws {
        try withLauncher { launcher in
            try launcher.startUp(Launcher.line("tensorboard"))
            try launcher.waitUntilReady()
            #expect(!launcher.living().contains { $0.name == "crater-run-door" })
            #expect(!launcher.errors.text.contains("home:"))
        }
    }
}
