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
}
