import CraterRunCore
import CraterRunLinux
import Foundation
import Testing

/// Apps that know no prefix, served through the front door, which takes the prefix off.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct StrippedAppTests {
    /// An app that crater-run knows by name.
    struct Served: CustomTestStringConvertible, Sendable {
        let name: String
        var words: [String] = []
        /// Where it is installed.
        var app = RealApp.presets
        /// What is asked for below the prefix, and a part of what is answered: of the body, or of the head of a redirect.
        let pages: [(path: String, part: String)]

        var testDescription: String { name }
    }

    /// What the test's directory has for them.
    private static let files = [
        "runs.csv": "step,loss\n1,0.5\n2,0.25\n",
        "model.json": #"{"class_name": "Sequential", "config": {"name": "waves", "layers": []}}"#,
    ]

    private static let apps = [
        Served(
            name: "netron", words: ["model.json"],
            pages: [("", "<title>Netron</title>"), ("data/model.json", "Sequential")]),
        // HiPlot's own page would ask for /data.
        Served(name: "hiplot", pages: [("", "'data?'"), ("data?uri=runs.csv", "0.25")]),
        // Without fixed ports, which another test may have.
        Served(
            name: "dask", words: ["--", "--host", "127.0.0.1", "--port", "0"],
            pages: [("", "Location: /ingress/liuxw24-379e0/status"), ("status", "Dask"), ("health", "ok")]),
        Served(
            name: "ray",
            words: ["--", "--node-ip-address", "127.0.0.1", "--num-cpus", "1", "--object-store-memory", "100000000"],
            app: .ray,
            pages: [("", "Ray Dashboard"), ("api/version", "ray_version")]),
    ]

    @Test(arguments: apps.filter { !RealApp.available([$0.app]).isEmpty })
    func realAppsAreServedBelowThePrefix(app: Served) throws {
        try withLauncher { launcher in
            try launcher.use(app.app, rule: app.name)
            for (name, text) in Self.files {
                try text.write(toFile: "\(launcher.work)/\(name)", atomically: true, encoding: .utf8)
            }
            try launcher.serve(app.name, app.words)
            try launcher.line("\(app.name): ready", "at \(launcher.prefix)")
            for page in app.pages {
                let answer = try #require(HTTP.get("\(launcher.prefix)\(page.path)", port: launcher.port))
                #expect(answer.status < 400, "\(page.path): \(answer.head)")
                let text = answer.status < 300 ? answer.body : answer.head
                #expect(text.contains(page.part), "\(page.path): \(answer.head)\n\(answer.body.prefix(500))")
            }
            _ = try launcher.stop()
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: RealApp.available([.oldGradio]))
    func anOldGradioIsServedWhereThePrefixIsTakenOff(app: RealApp) throws {
        let script = try #require(Bundle.module.resourcePath) + "/Clients/apps/gradio_waves.py"
        try withLauncher { launcher in
            try launcher.use(app, rule: "gradio")
            try launcher.serve("gradio", ["--strip-prefix", script])
            try launcher.line("gradio: ready", "at \(launcher.prefix)")
            // What its page puts before each path.
            let configuration = try #require(HTTP.get("\(launcher.prefix)config", port: launcher.port))
            #expect(configuration.body.contains(String(launcher.prefix.dropLast())))
            _ = try launcher.stop()
            #expect(launcher.leftovers() == [])
        }
        try withLauncher { launcher in
            try launcher.use(app, rule: "gradio")
            try launcher.serve("gradio", [script])
            try launcher.line("gradio 3.50.2 does not know the prefix of its requests")
        }
    }

    // MARK: code-server, as its documentation has it

    private func withCodeServer(_ words: [String] = [], _ body: (Launcher) throws -> Void) throws {
        try withLauncher { launcher in
            try launcher.install(.codeServer, as: "code-server")
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("code-server", port: launcher.port, prefix: launcher.prefix)
            // These would move it, or have it end.
            for name in ["PORT", "CODE_SERVER_HOST", "VSCODE_IPC_HOOK_CLI"] { launcher.environment[name] = "1" }
            try launcher.serve("code-server", ["."] + words)
            try launcher.line("code-server: ready", "at \(launcher.prefix)")
            try body(launcher)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func codeServerAsksForItsPassword() throws {
        try withCodeServer { launcher in
            let prefix = launcher.prefix
            let first = try #require(HTTP.get(prefix, port: launcher.port))
            #expect(first.status == 302 && first.head.contains("Location: ./login"))
            let settings = try SmallFile.read("\(launcher.root)/home/.config/code-server/config.yaml")
            let password = try #require(
                String(decoding: settings, as: UTF8.self).firstMatch(of: /password: ([0-9a-f]+)/)?.1)
            let file = "\(launcher.root)/login"
            try Shell.run(
                "curl -s -o /dev/null -D $1 --data-urlencode password=$2 --data base=. --data-urlencode href=$3 $4",
                file, String(password), "https://crater.test\(prefix)login",
                "http://127.0.0.1:\(launcher.port)\(prefix)login")
            let head = String(decoding: try SmallFile.read(file), as: UTF8.self)
            // Its cookie's path comes from the browser, and has the prefix once.
            let cookie = try #require(head.firstMatch(of: /Set-Cookie: (code-server-session=[^;]+); Path=([^;]+);/))
            #expect(cookie.2 == prefix.dropLast())
            let page = try #require(HTTP.get(prefix, port: launcher.port, fields: ["Cookie: \(cookie.1)"]))
            #expect(page.status == 200 && page.body.contains("<h1>editor</h1>"))
        }
    }

    @Test func codeServersServiceWorkerGetsThePrefixAlone() throws {
        try withCodeServer(["--", "--auth", "none"]) { launcher in
            try launcher.line("code-server: has no login")
            let path = "\(launcher.prefix)_static/serviceWorker.js"
            let answer = try #require(HTTP.get(path, port: launcher.port))
            let scope = answer.head.firstMatch(of: /(?i)service-worker-allowed: (\S+)/)?.1
            #expect(scope.map(String.init) == launcher.prefix)
        }
    }
}
