import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Apps without a job, and how it all ends.
@Suite(.timeLimit(TestTime.limit))
struct UpEndTests {
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
}
