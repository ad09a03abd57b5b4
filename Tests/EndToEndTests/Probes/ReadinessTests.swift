import Glibc
import Testing

/// When an app is ready, and what is done when it no longer is.
@Suite(.timeLimit(TestTime.limit))
struct ReadinessTests {
    @Test(arguments: Mode.available)
    func isTheAnswerUnderThePrefix(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "gate:begin"
            try launcher.start("--public-host", "crater.example.org")
            try launcher.line("started as pid", "at port \(launcher.port), path /ingress/liuxw24-379e0/")
            _ = try launcher.launch()
            #expect(!launcher.errors.text.contains("ready"))
            try launcher.open(gate: "begin")
            try launcher.line("tensorboard: ready after", "at https://crater.example.org/ingress/liuxw24-379e0/")
            #expect(launcher.readiness()?.status == 200)
            #expect(HTTP.get("/data/environment", port: launcher.port)?.status == 404)
        }
    }

    @Test(arguments: Mode.available)
    func isNotReachedByAnAppThatNeverAnswersWell(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_STATUS"] = "503"
            try launcher.start()
            try launcher.line("tensorboard is not ready: it answers 503 at /ingress/liuxw24-379e0/data/environment")
            // It stays as it is, and is asked again.
            try launcher.tell("status:500")
            try launcher.line("it answers 500")
            #expect(!launcher.errors.text.contains("tensorboard: ready"))
            try launcher.tell("status:200")
            try launcher.waitUntilReady()
            #expect(launcher.launches.count == 1)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test(arguments: Mode.available)
    func isLostWithTheDataServerAndWonBackByARelaunch(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start("--check-interval", "100ms")
            try launcher.waitUntilReady()
            try launcher.tell("status:500")
            try launcher.line("no longer ready: it answers 500", "data server has died")
            try launcher.line("starting it again in")
            try launcher.waitUntilReady()
            #expect(launcher.launches.count == 2)
            #expect(try launcher.launch().signals.first == SIGTERM)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test(arguments: Mode.available)
    func comesBackByItself(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start("--check-interval", "100ms")
            try launcher.waitUntilReady()
            try launcher.tell("status:503")
            try launcher.line("tensorboard is no longer ready: it answers 503")
            try launcher.tell("status:302")
            try launcher.line("tensorboard: ready again")
            #expect(launcher.launches.count == 1)
        }
    }

    @Test(arguments: Mode.available)
    func isNotGivenByAnother(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_SERVE"] = "no"
            try launcher.start()
            try launcher.line("started as pid")
            let other = try Bystander(port: launcher.port)
            try launcher.line("tensorboard is not ready: port \(launcher.port) is answered by", "not by tensorboard")
            #expect(!launcher.errors.text.contains("tensorboard: ready"))
            // In another pid namespace nobody can be named.
            if mode == .subreaper { #expect(launcher.errors.text.contains("(pid \(other.process.pid))")) }
            #expect(try launcher.stop() == .exited(0))
            #expect(!other.hasEnded)
        }
    }

    @Test(arguments: Mode.available)
    func needsAListenerThatTheIngressReaches(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_SERVE"] = "loopback"
            try launcher.start()
            try launcher.line("not ready: it listens at port \(launcher.port) on the loopback address alone")
            #expect(!launcher.errors.text.contains("tensorboard: ready"))
        }
    }

    /// The listener may be a grandchild's that left the session.
    @Test(arguments: Mode.available)
    func countsAListenerOfADescendant(mode: Mode) throws {
        try withLauncher(mode, fake: .script) { launcher in
            try launcher.install(.tensorboard, as: "server")
            launcher.environment["FAKE_SCRIPT"] = #"trap 'exit 5' TERM; setsid server "$@" & wait $!"#
            try launcher.start("--executable", "\(launcher.bin)/tensorboard")
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(5))
            #expect(launcher.leftovers() == [])
        }
    }
}
