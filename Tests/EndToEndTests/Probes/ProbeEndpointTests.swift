import CraterRunLinux
import Foundation
import Glibc
import Testing

/// What a kubelet is answered, as apps and crater-run come and go.
@Suite(.timeLimit(TestTime.limit))
struct ProbeEndpointTests {
    // MARK: Apps

    @Test(arguments: Mode.available)
    func readinessComesAndGoesWithTheApp(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO_1"] = "gate:begin"
            launcher.environment["FAKE_DO_2"] = "gate:again"
            try launcher.start()
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) != "")
            _ = try launcher.launch()
            #expect(try launcher.wait(for: "/readyz/tensorboard", toAnswer: 503) == "tensorboard: starting\n")
            #expect(launcher.probe("/livez")?.status == 200)
            #expect(launcher.probe("/startupz")?.status == 200)
            try launcher.open(gate: "begin")
            #expect(try launcher.wait(for: "/readyz", toAnswer: 200) == "ok\n")
            #expect(launcher.probe("/readyz/tensorboard")?.status == 200)
            #expect(launcher.readiness()?.status == 200)
            // It ends, and the next one waits.
            kill(try launcher.fakePID(), SIGKILL)
            try launcher.wait(for: "/readyz", toAnswer: 503)
            _ = try launcher.launch(2)
            #expect(launcher.probe("/readyz")?.status == 503)
            #expect(launcher.probe("/livez")?.status == 200)
            try launcher.open(gate: "again")
            try launcher.wait(for: "/readyz", toAnswer: 200)
        }
    }

    /// An app that hangs keeps its port, and the kernel goes on taking connections for it.
    @Test(arguments: Mode.available)
    func anAppThatHangsIsNotReadyUntilItGoesOn(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard --check-interval 8s"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let app = try launcher.fakePID()
            kill(app, SIGSTOP)
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) == "tensorboard: unready\n")
            #expect(launcher.probe("/livez")?.status == 200)
            kill(app, SIGCONT)
            try launcher.wait(for: "/readyz", toAnswer: 200)
            #expect(launcher.launches.count == 1)
        }
    }

    @Test(arguments: Mode.available)
    func anAppThatHangsIsStartedAgainIfAsked(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(
                ["--app", "tensorboard --check-interval 100ms --restart-unresponsive 100ms"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            kill(try launcher.fakePID(), SIGSTOP)
            try launcher.line("tensorboard: it was not ready for", "(--restart-unresponsive): starting it again")
            _ = try launcher.launch(2)
            try launcher.wait(for: "/readyz", toAnswer: 200)
            // It was let go on, to end as it would have.
            #expect(try launcher.launch(1).signals.first == SIGTERM)
        }
    }

    @Test(arguments: [
        ("any", 200, "ok"), ("all", 503, "two: starting"), ("one", 200, "ok"), ("two", 503, "two: starting"),
        ("one,two", 503, "two: starting"), ("one,three", 503, "there is no app three"),
    ])
    func readyWhenIsFollowed(value: String, status: Int, body: String) throws {
        try withLauncher { launcher in
            for rule in ["tensorboard", "notebook", "lars"] { launcher.podInfo.removeRule(rule) }
            launcher.podInfo.setRule("one", port: launcher.port, prefix: launcher.prefix)
            launcher.podInfo.setRule("two", port: Port.free(), prefix: "/ingress/two/")
            try launcher.startUp(
                Launcher.line("one") + ["--app", "app two -- sleep 1000", "--ready-when", value])
            try launcher.line("two: started")
            try launcher.wait(for: "/readyz/one", toAnswer: 200)
            #expect(try launcher.wait(for: "/readyz", toAnswer: status) == "\(body)\n")
            #expect(launcher.probe("/readyz/two")?.status == 503)
            #expect(launcher.probe("/readyz/three")?.status == 404)
        }
    }

    // MARK: Rules

    @Test(arguments: Mode.available)
    func startupIsOverOnceTheRulesAreThere(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "gate:begin"
            try GatedJob.prepare(in: launcher.work)
            try launcher.startCommand(
                ["up", "--annotations", launcher.podInfo.path, "--app", "tensorboard", "--"] + GatedJob.command)
            try launcher.wait(for: "/startupz", toAnswer: 503)
            #expect(launcher.probe("/livez")?.status == 200)
            #expect(launcher.probe("/readyz")?.status == 503)
            // Over TCP nobody learns where the file should be.
            #expect(launcher.probe("/startupz?verbose")?.body.contains(launcher.root) == false)
            try launcher.podInfo.write()
            #expect(try launcher.wait(for: "/startupz", toAnswer: 200) == "ok\n")
            // No app has a part in it.
            #expect(launcher.probe("/readyz")?.status == 503)
            try launcher.open(gate: "begin")
            try launcher.wait(for: "/readyz", toAnswer: 200)
        }
    }

    // MARK: Stopping

    @Test(arguments: Mode.available)
    func nothingIsReadyWhileAllStops(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.startUp(["--app", "tensorboard"], job: [])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            launcher.send(SIGTERM)
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) == "crater-run is stopping\n")
            #expect(launcher.probe("/readyz/tensorboard")?.body == "crater-run is stopping\n")
            #expect(launcher.probe("/livez")?.status == 200)
            #expect(launcher.probe("/startupz")?.status == 200)
            kill(try launcher.fakePID(), SIGKILL)
            _ = try launcher.end()
            #expect(launcher.probe("/livez") == nil)
            #expect(!FileManager.default.fileExists(atPath: launcher.controlSocket))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func anAppThatIsStoppedIsNotReadyAndTheJobGoesOn(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let stop = try SpawnedProcess(
                [TestBinary.path, "stop", "tensorboard"], environment: launcher.entries)
            #expect(try launcher.wait(for: "/readyz", toAnswer: 503) == "tensorboard: stopping\n")
            kill(try launcher.fakePID(), SIGKILL)
            try launcher.wait(until: "it has stopped") { launcher.probe("/readyz")?.body == "tensorboard: stopped\n" }
            #expect(launcher.probe("/readyz/tensorboard")?.status == 503)
            #expect(try stop.waitForEnd() == .exited(0))
            #expect(try launcher.succeeds("start", "tensorboard"))
            try launcher.wait(for: "/readyz/tensorboard", toAnswer: 200)
            #expect(launcher.probe("/livez")?.status == 200)
            kill(try launcher.fakePID(2), SIGKILL)
            try launcher.finishJob(code: 5)
            #expect(try launcher.end() == .exited(5))
        }
    }

    // MARK: Places

    @Test(arguments: Mode.available)
    func aPortThatIsInUseIsAWarningAlone(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let other = try Bystander(port: launcher.healthPort)
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.line(
                "warning: cannot answer probes at port \(launcher.healthPort): Address already in use",
                "going on without (--health-port)")
            try launcher.wait(until: "it is ready") { try launcher.succeeds("probe", "ready") }
            #expect(launcher.readiness()?.status == 200)
            try launcher.finishJob(code: 5)
            #expect(try launcher.end() == .exited(5))
            #expect(!other.hasEnded)
        }
    }

    @Test func withoutAPortTheSocketIsThereAlone() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard", "--health-port", "off"])
            try launcher.wait(until: "it is ready") { try launcher.succeeds("probe", "ready", "tensorboard") }
            #expect(Port.isFree(launcher.healthPort))
            let state = try String(contentsOfFile: "\(launcher.root)/run/control.json", encoding: .utf8)
            #expect(!state.contains("port"))
            #expect(!launcher.errors.text.contains("cannot answer"))
        }
    }

    @Test(.enabled(if: MachineTool.curl.isTested, "curl is not installed"), arguments: Mode.available)
    func curlIsAnswered(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let verbose = "[+]running ok\n[+]rules ok\n[+]app/tensorboard ok\nreadyz check passed\n"
            func curl(_ words: String..., expecting ending: Ending = .exited(0)) throws -> String {
                try MachineTool.curl.run(["-sS", "--max-time", "30"] + words, expecting: ending)
            }
            let base = "http://127.0.0.1:\(launcher.healthPort)"
            #expect(try curl("\(base)/readyz?verbose") == verbose)
            #expect(try curl("--http1.0", "\(base)/readyz?verbose") == verbose)
            #expect(try curl("--unix-socket", launcher.controlSocket, "http://localhost/readyz?verbose") == verbose)
            let head = try curl("--head", "\(base)/readyz")
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(head.lowercased().contains("\r\ncrater-run-instance: "))
            // -f: a status that says no is an error of curl's (22).
            _ = try curl("-f", "-X", "POST", "\(base)/readyz", expecting: .exited(22))
            // Both families, on all interfaces: the kubelet comes from the node.
            if access("/proc/net/if_inet6", R_OK) == 0 {
                #expect(try curl("http://[::1]:\(launcher.healthPort)/livez") == "ok\n")
            }
        }
    }

    // MARK: The supervisor

    @Test(arguments: Mode.available)
    func aSupervisorThatWasKilledIsSoonThereAgain(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let first = try launcher.supervisorPID()
            kill(first, SIGKILL)
            try launcher.line("the supervisor of the apps was killed by SIGKILL", "the job goes on")
            let second = try launcher.supervisorPID(after: first)
            try launcher.wait(for: "/livez", toAnswer: 200)
            try launcher.wait(for: "/readyz", toAnswer: 200)
            #expect(try launcher.succeeds("probe", "ready"))
            #expect(try launcher.supervisorPID() == second)
            #expect(!launcher.errors.text.contains("cannot answer"))
            try launcher.finishJob(code: 5)
            #expect(try launcher.end() == .exited(5))
        }
    }
}
