import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Apps beside a job, as their rules come, change and go.
@Suite(.timeLimit(TestTime.limit))
struct UpAppsTests {
    @Test(arguments: Mode.available)
    func aRuleThatIsAddedIsServedWithNothingTyped(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            for rule in ["tensorboard", "notebook"] { launcher.podInfo.removeRule(rule) }
            try launcher.startUp(["--auto-delay", "0"])
            let job = try launcher.jobPID()
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
            #expect(try launcher.launch().pid != job)
            try launcher.finishJob(code: 5)
            #expect(try launcher.end() == .exited(5))
            #expect(launcher.leftovers() == [])
            #expect(try launcher.launch().signals.first == SIGTERM)
        }
    }

    @Test(arguments: Mode.available)
    func exactlyTheAppsConcernedAreRelaunched(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let (first, second) = (Port.free(), Port.free())
            launcher.podInfo.setRule("one", port: first, prefix: "/ingress/one/")
            launcher.podInfo.setRule("two", port: second, prefix: "/ingress/two/")
            try launcher.startUp(Launcher.line("one") + Launcher.line("two"))
            try launcher.line("one: ready")
            launcher.errors.rewind()
            try launcher.line("two: ready")
            #expect(launcher.launches.count == 2)

            // Changed.
            launcher.podInfo.setRule("one", port: first, prefix: "/ingress/new/")
            try launcher.podInfo.write()
            try launcher.line("one: ready", "/ingress/new/")
            #expect(launcher.launches.count == 3)
            // Removed: it goes on; restored: nothing happens.
            launcher.podInfo.removeRule("two")
            try launcher.podInfo.write()
            try launcher.line("two: its ingress rule is gone")
            #expect(launcher.status(port: second, "/ingress/two/") == 200)
            launcher.podInfo.setRule("two", port: second, prefix: "/ingress/two/")
            try launcher.podInfo.write()
            try launcher.line("two: its ingress rule is back, unchanged")
            #expect(launcher.launches.count == 3)
            // Swapped.
            launcher.podInfo.setRule("one", port: second, prefix: "/ingress/new/")
            launcher.podInfo.setRule("two", port: first, prefix: "/ingress/two/")
            try launcher.podInfo.write()
            try launcher.wait(until: "both serve where the other did") {
                launcher.status(port: second, "/ingress/new/") == 200
                    && launcher.status(port: first, "/ingress/two/") == 200
            }
            #expect(launcher.launches.count == 5)
            #expect(!launcher.errors.text.contains("in use"))
            #expect(try launcher.stop() == .signaled(SIGTERM) || launcher.end() == .exited(143))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func aRenamedRuleAtTheSamePlaceRestartsNothing() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            try launcher.startUp(["--auto", "--auto-delay", "0"])
            try launcher.waitUntilReady()
            launcher.podInfo.removeRule("tensorboard")
            launcher.podInfo.setRule("tb", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.line("tensorboard: served by the ingress rule tb now")
            #expect(launcher.readiness()?.status == 200)
            #expect(launcher.launches.count == 1)
        }
    }

    @Test func aCrashLoopAndASlowStartDelayNoOther() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            launcher.podInfo.setRule("slow", port: Port.free(), prefix: "/ingress/slow/")
            launcher.podInfo.setRule("bad", port: Port.free(), prefix: "/ingress/bad/")
            try launcher.startUp(
                ["--app", "app bad -- sh -c 'exit 3'", "--app", "app slow -- sleep 1000", "--app", "tensorboard"])
            try launcher.line("bad: exited with code 3", "starting it again")
            launcher.errors.rewind()
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
            #expect(!launcher.errors.text.contains("slow: ready"))
        }
    }

    /// A traceback at each of unlimited restarts helps nobody.
    @Test func oneFaultForEverIsSaidOnceWithItsCure() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            launcher.podInfo.setRule("bad", port: Port.free(), prefix: "/ingress/bad/")
            let traceback = "echo Traceback >&2; echo \"ModuleNotFoundError: No module named 'pkg_resources'\" >&2"
            try launcher.startUp(["--app", "app bad -- sh -c '\(traceback.replacing("'", with: #"'\''"#)); exit 1'"])
            let cure = "pip install 'setuptools<82'"
            try launcher.line("bad: exited with code 1", "3 times in a row the same way", cure, "without a word")
            let count = launcher.errors.text.components(separatedBy: "ModuleNotFoundError").count - 1
            #expect(try launcher.ask("status").output.contains(cure), "\(launcher.log)")
            let doctor = try launcher.ask(
                "doctor", "--annotations", launcher.podInfo.path, "bad", changes: ["KUBERNETES_SERVICE_HOST": "::1"])
            #expect(doctor.output.contains(cure) && doctor.ending == .exited(1), "\(doctor)")
            // Three times by itself, and once by us.
            #expect(count <= 4, "\(launcher.log)")
        }
    }

    // MARK: What the job wants

    @Test(arguments: Mode.available)
    func aPortThatTheJobListensAtIsLeftToIt(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.removeRule("notebook")
            // The job serves the rule itself.
            let serve = "tensorboard --bind_all --port \(launcher.port) --path_prefix=\(launcher.prefix)"
            try launcher.startUp(["--auto-delay", "1s"], job: ["sh", "-c", "exec \(serve)"])
            try launcher.wait(until: "the job serves") { launcher.readiness()?.status == 200 }
            try launcher.line("tensorboard: port \(launcher.port) is served by", "not by crater-run: left alone")
            #expect(launcher.launches.count == 1)
            #expect(launcher.readiness()?.status == 200)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func anAppThatIsNamedWaitsForItsPort() throws {
        try withLauncher { launcher in
            let serve = "tensorboard --bind_all --port \(launcher.port) --path_prefix=\(launcher.prefix)"
            // The rule comes when the job has the port: else it would be the app's as likely.
            launcher.podInfo.removeRule("tensorboard")
            try launcher.startUp(
                ["--app", "tensorboard"], job: ["sh", "-c", "\(serve) & read code < gate; exit $code"])
            try launcher.wait(until: "the job serves") { launcher.readiness()?.status == 200 }
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.line(
                "cannot start tensorboard: port \(launcher.port) is in use by", "trying again until it can")
            kill(try #require(launcher.hostPID(of: launcher.launch().pid)), SIGKILL)
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
        }
    }

    // MARK: What is wrong never stops the job

    @Test(arguments: Mode.available)
    func nothingThatIsWrongWithAppsStopsTheJob(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["CRATER_RUN_LINGER"] = "tomorrow"
            launcher.environment["CRATER_RUN_RESTART"] = "sometimes"
            try GatedJob.prepare(in: launcher.work)
            try launcher.startCommand(
                [
                    "up", "--annotations", "\(launcher.root)/not/there", "--app", "tensorboard --no-such-flag", "--app",
                    "no-such-app", "--app", "tensorboard 'unclosed", "--app", "rules", "--app", "tensorboard", "--",
                ] + GatedJob.command)
            try launcher.line("error: cannot use CRATER_RUN_LINGER=tomorrow", "going on without it")
            try launcher.line("error: cannot use CRATER_RUN_RESTART=sometimes", "going on without it")
            launcher.errors.rewind()
            for text in ["--no-such-flag", "no-such-app", "the quote ' has no end", "must begin with one of"] {
                try launcher.line("error: cannot use the app line", text)
            }
            try launcher.line("\(launcher.root)/not/there")
            try launcher.finishJob(code: 9)
            #expect(try launcher.end() == .exited(9))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func aFlagOfItsOwnThatIsWrongIsTheEndBeforeTheJob() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--linger", "tomorrow", "--stop-signal", "KILL"], job: ["touch", "started"])
            #expect(try launcher.end() == .exited(64))
            #expect(launcher.errors.text.contains("cannot use --linger tomorrow"))
            #expect(launcher.errors.text.contains("cannot use --stop-signal KILL"))
            #expect(!FileManager.default.fileExists(atPath: "\(launcher.work)/started"))
        }
    }

    @Test func aJobWithoutTheDashesIsToldWhereTheyGo() throws {
        try withLauncher { launcher in
            try launcher.startCommand(["up", "python", "train.py"])
            #expect(try launcher.end() == .exited(64))
            #expect(launcher.errors.text.contains("crater-run up -- python train.py"))
        }
    }

    @Test func linesOfTheEnvironmentAreAppsToo() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("one", port: Port.free(), prefix: "/ingress/one/")
            launcher.environment["CRATER_RUN_APPS"] =
                "\ntensorboard --logdir 'a b'\n\n\(Launcher.line("one")[1])\n"
            try launcher.startUp([])
            try launcher.waitUntilReady()
            launcher.errors.rewind()
            try launcher.line("one: ready")
            #expect(launcher.launches.contains { $0.arguments.contains("a b") })
        }
    }

    /// Three lines of one kind, and one whose rule has the name that the second would get.
    @Test func noTwoAppsHaveOneName() throws {
        try withLauncher { launcher in
            let ports = ["x": Port.free(), "y": Port.free(), "tensorboard-2": Port.free()]
            for (name, port) in ports { launcher.podInfo.setRule(name, port: port, prefix: "/ingress/\(name)/") }
            try launcher.startUp(
                ["--app", "tensorboard --rule x", "--app", "tensorboard --rule y"] + Launcher.line("tensorboard-2"))
            try launcher.wait(until: "all three serve") {
                ports.allSatisfy { launcher.status(port: $0.value, "/ingress/\($0.key)/") == 200 }
            }
            try launcher.finishJob(code: 2)
            #expect(try launcher.end() == .exited(2))
            #expect(!launcher.errors.text.contains("killing"))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func whatTheJobWritesIsItsOwnAndWhatAppsWriteHasTheirName() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_DO"] = "line:from the app;error:trouble"
            try launcher.startUp(
                ["--app", "tensorboard"],
                job: ["sh", "-c", "printf 'no end'; echo ' here'; read code < gate; exit $code"])
            try launcher.line("[tensorboard] trouble")
            try launcher.outputLine("[tensorboard] from the app")
            #expect(launcher.output.text.contains("no end here\n"))
            #expect(launcher.output.lines.contains("no end here"))
        }
    }

    // MARK: Without a job

    @Test(arguments: Mode.available)
    func withoutAJobThereAreTheAppsAlone(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.removeRule("notebook")
            launcher.podInfo.setRule("one", port: Port.free(), prefix: "/ingress/one/")
            try launcher.startUp(["--auto"] + Launcher.line("one"), job: [])
            try launcher.waitUntilReady()
            launcher.errors.rewind()
            try launcher.line("one: ready")
            // One process plays both parts.
            #expect(launcher.living().count { $0.name == "crater-run" } == 1)
            #expect(try launcher.stop() == .exited(143))
            #expect(launcher.leftovers() == [])
        }
    }

    /// As an image's entry point has it, with no command after it; and with the image's own stop signal.
    @Test func nothingAfterTheDashesIsNoJob() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            try launcher.startUp(["--stop-signal", "USR2", "--"], job: [])
            try launcher.waitUntilReady()
            launcher.send(SIGUSR2)
            #expect(try launcher.end() == .exited(128 + SIGUSR2))
            #expect(launcher.leftovers() == [])
        }
    }

    // MARK: The end

    @Test func appsGoOnUntilTheJobHasEnded() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            try launcher.startUp(
                ["--app", "tensorboard"],
                job: ["sh", "-c", "trap 'echo saving' TERM; while ! read code < gate; do :; done; exit $code"])
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            try launcher.outputLine("saving")
            #expect(launcher.readiness()?.status == 200)
            try launcher.finishJob(code: 4)
            #expect(try launcher.end() == .exited(4))
        }
    }

    @Test(arguments: Mode.available)
    func lingeringAppsCanBeLookedAtUntilASignal(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard", "--linger", "1h"])
            try launcher.waitUntilReady()
            try launcher.finishJob(code: 6)
            try launcher.line("the job exited with code 6; the apps go on for")
            #expect(launcher.readiness()?.status == 200)
            launcher.send(SIGTERM)
            #expect(try launcher.end() == .exited(6))
            #expect(launcher.leftovers() == [])
        }
    }

    // MARK: Checking

    @Test func checkSaysWhatWouldBeDone() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--check", "--app", "tensorboard --logdir x"], job: ["sh", "-c", "touch started"])
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text.contains("job: /"))
            #expect(launcher.output.text.contains("--path_prefix=/ingress/liuxw24-379e0"))
            #expect(!FileManager.default.fileExists(atPath: "\(launcher.work)/started"))
        }
    }

    /// Nobody else expands it in a line, nor in a variable of the Pod's.
    @Test func aTildeInALineOrAVariableIsTheHome() throws {
        try withLauncher { launcher in
            launcher.environment["HOME"] = "/home/me"
            launcher.environment["CRATER_RUN_LOGDIR"] = "~/kept"
            launcher.podInfo.setRule("tb", port: Port.free(), prefix: "/ingress/old/")
            try launcher.startUp([
                "--check", "--app", "tensorboard --logdir ~/runs --rule tensorboard", "--app", "tensorboard --rule tb",
            ])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            #expect(launcher.output.text.contains("--logdir /home/me/runs"), "\(launcher.log)")
            #expect(launcher.output.text.contains("--logdir /home/me/kept"), "\(launcher.log)")
        }
    }

    @Test func checkLeavesARuleToTheLineThatNamesIt() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tb", port: Port.free(), prefix: "/ingress/old/")
            try launcher.startUp(["--check", "--app", "tensorboard", "--app", "tensorboard --rule tb"])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            for path in ["/ingress/liuxw24-379e0/", "/ingress/old/"] { try launcher.outputLine("tensorboard: \(path)") }
        }
    }

    @Test func checkSeesAPortThatIsTakenAndOneThatTwoLinesWant() throws {
        try withLauncher { launcher in
            let (line, other) = (Launcher.line("tensorboard"), Port.free())
            try launcher.startUp(["--check", "--app", "tensorboard"] + line)
            #expect(try launcher.end() == .exited(78))
            #expect(launcher.errors.text.contains("both at port \(launcher.port)"))
            launcher.podInfo.setRule("busy", port: other, prefix: "/ingress/busy/")
            try launcher.startUp(
                ["--app", "tensorboard"],
                job: ["sh", "-c", "tensorboard --bind_all --port \(other) & \(GatedJob.command[2])"])
            try launcher.wait(until: "somebody listens") { !Port.isFree(other) }
            try Shell.run(
                "$1 up --check --annotations $2 --app 'app busy -- true' >$3 2>&1 || :", TestBinary.path,
                launcher.podInfo.path, "\(launcher.work)/check")
            let check = try String(contentsOfFile: "\(launcher.work)/check", encoding: .utf8)
            #expect(check.contains("cannot start busy: port \(other) is in use by"))
        }
    }

    @Test func checkNamesEverythingThatIsWrong() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("bad", value: "{}")
            try launcher.startUp(
                [
                    "--check", "--linger", "x", "--app", "tensorboard --restart never-ever", "--app",
                    "visdom --logdir y",
                ],
                job: ["no-such-program"])
            #expect(try launcher.end() == .exited(64))
            for text in ["--linger x", "never-ever", "--logdir", "no-such-program", "bad"] {
                #expect(launcher.errors.text.contains(text), "\(text)")
            }
        }
    }
}
