import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Real Visdoms, offline as they are.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct VisdomTests {
    @Test(arguments: RealApp.available([.visdom, .newestVisdom]), Mode.available)
    func isServedWithoutItsDownloads(app: RealApp, mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.use(app, rule: "visdom")
            try launcher.serve("visdom", ["--env-path", "\(launcher.root)/plots"])
            try launcher.line("warning: visdom's page will be empty: ", "static/js/jquery.min.js")
            try launcher.line("visdom: ready", "at /ingress/liuxw24-379e0/")
            let page = try #require(HTTP.get(launcher.prefix, port: launcher.port))
            #expect(page.status == 200)
            #expect(page.body.contains("visdom"))
            #expect(HTTP.get("/", port: launcher.port)?.status == 404)
            let window = try launcher.client(
                "visdom_client", of: app, "\(launcher.port)", String(launcher.prefix.dropLast()))
            #expect(window == "loss-curve\n")
            launcher.send(SIGTERM)
            #expect(try launcher.end() == .exited(0))
            #expect(!launcher.errors.text.contains("Traceback"))
            #expect(launcher.leftovers() == [])
            guard app.testDescription == RealApp.newestVisdom.testDescription else { return }
            // It writes down what it has at SIGINT, and at nothing else.
            let kept = try SmallFile.read("\(launcher.root)/plots/main.json", limit: 1 << 20)
            #expect(String(decoding: kept, as: UTF8.self).contains("loss-curve"))
        }
    }

    /// A background job of a shell is started with SIGINT ignored, and Python then leaves it so.
    @Test(arguments: RealApp.available([.visdom]))
    func endsAtOnceThoughSIGINTIsIgnored(app: RealApp) throws {
        try withLauncher { launcher in
            try launcher.use(app, rule: "visdom")
            launcher.wrapper = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
            try launcher.serve("visdom", ["--stop-timeout", "2m"])
            try launcher.line("visdom: ready")
            #expect(try launcher.stop() == .exited(0))
        }
    }
}

@Suite(.serialized, .timeLimit(TestTime.limit))
struct MarimoTests {
    @Test(arguments: RealApp.available([.marimo]), Mode.available)
    func isServedWithATokenThatStaysTheSame(app: RealApp, mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.use(app, rule: "marimo")
            try launcher.serve("marimo")
            try launcher.line("marimo: ready", "at /ingress/liuxw24-379e0/")
            let file = try #require(launcher.privateFiles.first { $0.hasSuffix("/marimo/login/token") })
            let token = String(decoding: try SmallFile.read("\(launcher.root)/run/\(file)"), as: UTF8.self)
            #expect(token.utf8.count == 48)
            #expect(HTTP.get(launcher.prefix, port: launcher.port)?.status == 303)
            let entrance = "\(launcher.prefix)?access_token=\(token)"
            #expect([200, 303].contains(HTTP.get(entrance, port: launcher.port)?.status))
            #expect(launcher.commandLines().values.filter { $0.contains(token) } == [])
            #expect(launcher.everything.contains("access_token=\(token)"))

            let other = "/ingress/liuxw24-0ther/"
            launcher.podInfo.setRule("marimo", port: launcher.port, prefix: other)
            try launcher.podInfo.write()
            try launcher.line("marimo: ready", "at /ingress/liuxw24-0ther/")
            #expect(launcher.everything.contains("liuxw24-0ther?access_token=\(token)"))
            try launcher.line("marimo: open /ingress/liuxw24-0ther/?access_token=\(token)")
            _ = try launcher.stop()
            #expect(launcher.leftovers() == [])
            #expect(launcher.privateFiles == [])
        }
    }
}

/// `crater-run app`, with Python's own web server.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct CustomAppTests {
    private func page(_ launcher: Launcher) throws {
        let folder = "\(launcher.work)\(launcher.prefix)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "hello".write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
    }

    @Test(arguments: Mode.available)
    func isServedByTheRuleThatIsNamed(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try page(launcher)
            launcher.podInfo.setRule("demo", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            let words = ["python3", "-m", "http.server", "{port}"]
            try launcher.startCommand(["app", "demo", "--annotations", launcher.podInfo.path, "--"] + words)
            try launcher.line("demo: ready", "at /ingress/liuxw24-379e0/")
            #expect(HTTP.get(launcher.prefix, port: launcher.port)?.body == "hello")
            try launcher.line("[demo]")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func isNotReadyWhereItDoesNotKnowThePrefix() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("demo", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            let words = ["python3", "-m", "http.server", "{port}"]
            try launcher.startCommand(["app", "demo", "--annotations", launcher.podInfo.path, "--"] + words)
            try launcher.line(
                "demo is not ready: it answers 404 at /ingress/liuxw24-379e0/: it may not know the prefix")
            // It comes to know it.
            try page(launcher)
            try launcher.line("demo: ready")
            _ = try launcher.stop()
        }
    }

    @Test func seesPortAndPrefixInItsEnvironment() throws {
        try withLauncher(fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = "echo port $CRATER_PORT prefix $CRATER_PREFIX; exit 3"
            try launcher.startCommand([
                "app", "demo", "--prefix", "/ingress/x", "--port", "\(launcher.port)", "--restart", "never", "--",
                "tensorboard", "{name}",
            ])
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.output.lines.first == "[demo] port \(launcher.port) prefix /ingress/x")
        }
    }

    /// The lists of commands and of identities are two: nobody must forget one.
    @Test func everyAppHasItsCommand() throws {
        for app in AppIdentity.all {
            try withLauncher { launcher in
                try launcher.startCommand(["help", app.name])
                #expect(try launcher.end() == .exited(0))
                #expect(launcher.output.text.contains("USAGE: crater-run \(app.name) "))
                #expect(launcher.output.text.contains(app.executableVariable))
            }
        }
    }

    struct Refusal: CustomTestStringConvertible {
        let words: [String]
        let text: String
        var code: Int32 = 64

        var testDescription: String { "\(words)" }
    }

    @Test(arguments: [
        Refusal(
            words: ["demo", "--prefix", "/x", "--", "true"], text: "cannot use --prefix alone: demo has no usual port"),
        Refusal(words: ["demo", "--prefix", "/x", "--port", "99999", "--", "true"], text: "cannot use --port 99999"),
        Refusal(words: ["demo", "--port", "1"], text: "command"),
        Refusal(words: ["../x", "--port", "1", "--", "true"], text: "cannot be the name of an ingress rule"),
        Refusal(
            words: ["demo", "--port", "1", "--stop-signal", "KILL", "--", "true"], text: "cannot use --stop-signal KILL"
        ),
        Refusal(
            words: ["demo", "--port", "1", "--ready-path", "a b", "--", "true"], text: "cannot use --ready-path a b"),
        Refusal(
            words: ["demo", "--prefix", "/", "--port", "1", "--dry-run", "--", "no-such-program"],
            text: "cannot start demo: there is no program no-such-program in any of ", code: 127),
    ])
    func refusesWhatItCannotDo(_ refusal: Refusal) throws {
        try withLauncher { launcher in
            try launcher.startCommand(["app"] + refusal.words)
            #expect(try launcher.end() == .exited(refusal.code))
            #expect(launcher.errors.text.contains(refusal.text), "\(launcher.log)")
        }
    }
}
