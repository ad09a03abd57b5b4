import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// `crater-run probe`, as the kubelet runs it.
@Suite(.timeLimit(TestTime.limit))
struct ProbeCommandTests {
    /// Exactly one line, and the code that goes with it.
    private func expect(
        _ said: Said, _ code: Int32, _ text: String, location: SourceLocation = #_sourceLocation
    ) {
        #expect(said.ending == .exited(code), "\(said)", sourceLocation: location)
        #expect(said.lines.count == 1 && said.lines[0].contains(text), "\(said)", sourceLocation: location)
        #expect(said.output == "" || said.errors == "", "\(said)", sourceLocation: location)
    }

    @Test(arguments: Mode.available)
    func saysWhatIsReadyAndWhatIsNot(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.setRule("slow", port: Port.free(), prefix: "/ingress/slow/")
            try launcher.startUp(["--app", "tensorboard", "--app", "app slow -- sleep 1000", "--app", "visdom"])
            try launcher.waitUntilReady()
            let before = Set(launcher.living().map(\.identity.pid))
            expect(try launcher.ask("probe", "live"), 0, "ok")
            expect(try launcher.ask("probe", "startup"), 0, "ok")
            // One of them is enough under up.
            expect(try launcher.ask("probe", "ready"), 0, "ok")
            expect(try launcher.ask("probe", "ready", "tensorboard"), 0, "ok")
            expect(try launcher.ask("probe", "ready", "slow"), 1, "slow: starting")
            expect(try launcher.ask("probe", "ready", "visdom"), 1, "visdom: waiting")
            expect(try launcher.ask("probe", "ready", "nobody"), 1, "there is no app")
            // Nothing was started that stays.
            #expect(Set(launcher.living().map(\.identity.pid)) == before)
        }
    }

    @Test func oneAppFollowsItsStates() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_DO"] = "gate:open"
            try launcher.startUp(["--app", "tensorboard --check-interval 100ms"])
            _ = try launcher.launch()
            expect(try launcher.ask("probe", "ready"), 1, "tensorboard: starting")
            try launcher.open(gate: "open")
            try launcher.waitUntilReady()
            expect(try launcher.ask("probe", "ready"), 0, "ok")
            try launcher.tell("status:503")
            try launcher.line("no longer ready")
            expect(try launcher.ask("probe", "ready"), 1, "tensorboard: unready: it answers 503")
            _ = try launcher.ask("stop", "tensorboard")
            expect(try launcher.ask("probe", "ready", "tensorboard"), 1, "tensorboard: stopped: stopped on request")
            // Its process is as well as ever.
            expect(try launcher.ask("probe", "live"), 0, "ok")
        }
    }

    @Test func nothingHasStartedBeforeTheRulesAreRead() throws {
        try withLauncher { launcher in
            try launcher.startCommand(["up", "--annotations", launcher.podInfo.path, "--app", "tensorboard"])
            try launcher.line("annotations")
            try launcher.wait(until: "it answers") { try launcher.ask("probe", "live").ending == .exited(0) }
            expect(try launcher.ask("probe", "startup"), 1, "cannot read the annotations file")
            expect(try launcher.ask("probe", "ready"), 1, "cannot read the annotations file")
            try launcher.podInfo.write()
            try launcher.waitUntilReady()
            expect(try launcher.ask("probe", "startup"), 0, "ok")
            expect(try launcher.ask("probe", "ready"), 0, "ok")
        }
    }

    @Test func verboseHasALineForEachThing() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard", "--app", "visdom"])
            try launcher.waitUntilReady()
            let said = try launcher.ask("probe", "ready", "--verbose")
            #expect(said.ending == .exited(0) && said.lines.count > 2, "\(said)")
            #expect(said.output.contains("tensorboard") && said.output.contains("visdom"))
        }
    }

    @Test(arguments: [
        ["probe"], ["probe", "sideways"], ["probe", "live", "tensorboard"], ["probe", "ready", "a/b"],
        ["probe", "ready", ""], ["probe", "ready", "a", "b"], ["probe", "ready", "--timeout", "soon"],
        ["probe", "ready", "--timeout", "0"], ["probe", "ready", "--health-port", "0"], ["probe", "--no-such-flag"],
    ])
    func wrongUsageIsNoAnswer(words: [String]) throws {
        try withLauncher { launcher in
            try launcher.startCommand(words)
            #expect(try launcher.end() == .exited(64))
            #expect(launcher.output.text == "" && launcher.errors.text != "")
        }
    }

    @Test func nobodyThereIsNotReady() throws {
        try withLauncher { launcher in
            try launcher.startCommand(["probe", "live"])
            #expect(try launcher.end() == .exited(1))
            #expect(launcher.output.text == "" && launcher.errors.lines.dropLast().count == 1)
            #expect(launcher.errors.text.contains("cannot reach the crater-run of this container"))
            #expect(launcher.errors.text.contains("port \(launcher.healthPort)"))
            try launcher.startCommand(["probe", "live", "--health-port", "off"])
            #expect(try launcher.end() == .exited(1))
            #expect(launcher.errors.text.contains("there is no control socket"))
        }
    }

    /// It takes connections still, as the kernel does that; and answers none.
    @Test(arguments: Mode.available, ["900ms", "200ms"])
    func aSupervisorThatIsFrozenAnswersNoInTime(mode: Mode, timeout: String) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let supervisor = try launcher.supervisorPID()
            kill(supervisor, SIGSTOP)
            defer { kill(supervisor, SIGCONT) }
            let clock = ContinuousClock()
            let start = clock.now
            let said = try launcher.ask("probe", "live", "--timeout", timeout)
            expect(said, 1, "no answer within ")
            // Far more than it may take on a machine that is busy, and less than any other wait of ours.
            #expect(clock.now - start < .seconds(2.5), "\(said)")
        }
    }

    /// The variable says the same as the option, which wins.
    @Test func itsTimeoutComesFromTheEnvironmentToo() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_PROBE_TIMEOUT"] = "soon"
            try launcher.startCommand(["probe", "live"])
            #expect(try launcher.end() == .exited(64))
            #expect(launcher.errors.text.contains("CRATER_RUN_PROBE_TIMEOUT=soon"))
            try launcher.startCommand(["probe", "live", "--timeout", "5s"])
            #expect(try launcher.end() == .exited(1))
        }
    }

    @Test func withoutASocketItAsksTheTCPPort() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let elsewhere: [String: String?] = ["CRATER_RUN_DIR": "\(launcher.root)/elsewhere"]
            expect(try launcher.ask("probe", "ready", changes: elsewhere), 0, "ok")
            expect(try launcher.ask("probe", "ready", "tensorboard", changes: elsewhere), 0, "ok")
            let port: [String: String?] = ["CRATER_RUN_DIR": "/nowhere", "CRATER_RUN_HEALTH_PORT": nil]
            expect(
                try launcher.run([TestBinary.path, "probe", "live", "--health-port", "\(launcher.healthPort)"], port),
                0, "ok")
            _ = try launcher.ask("stop", "tensorboard")
            // What is not ready is shown to anybody on the network; why is not.
            let said = try launcher.ask("probe", "ready", "tensorboard", changes: elsewhere)
            expect(said, 1, "tensorboard: stopped")
            #expect(!said.output.contains("request"))
        }
    }

    /// Where the user's processes are as many as they may be.
    @Test(.enabled(if: getuid() == 0 || Mode.isOnCI, "another user is not tested here: it needs root"))
    func needsNoThread() throws {
        try withLauncher { launcher in
            try launcher.letStrangersIn()
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let user = ["setpriv", "--reuid", "54322", "--regid", "54322", "--clear-groups", "prlimit", "--nproc=1"]
            for question in ["live", "ready"] {
                expect(try launcher.run([launcher.strangersBinary, "probe", question], wrapper: user), 0, "ok")
            }
        }
    }

    /// Somebody who is no crater-run is no answer.
    @Test func anotherServerAtThePortIsNotTakenForIt() throws {
        try withLauncher { launcher in
            let other = try Bystander(port: launcher.healthPort, path: "")
            try launcher.startCommand(["probe", "live"])
            #expect(try launcher.end() == .exited(1))
            #expect(launcher.errors.text.contains("somebody else answers there"))
            other.end()
        }
    }

    @Test(
        .enabled(if: getuid() == 0 || Mode.isOnCI, "file systems are not tested here: it needs root"),
        arguments: Mode.available, [4711, 0])
    func needsNothingToWriteToAndNoUserOfItsOwn(mode: Mode, user: Int) throws {
        try withLauncher(mode) { launcher in
            let own = mode == .processOne ? [] : ["unshare", "--mount"]
            launcher.hasItsOwnMounts = true
            launcher.wrapper = own + ["sh", "-euc", ControlPlaceTests.readOnly, launcher.root]
            try launcher.letStrangersIn()
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let who = ["setpriv", "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "--no-new-privs"]
            for words in [["live"], ["ready"], ["startup"], ["ready", "tensorboard"]] {
                let said = try launcher.run([launcher.strangersBinary, "probe"] + words, wrapper: who)
                expect(said, 0, "ok")
            }
        }
    }
}
