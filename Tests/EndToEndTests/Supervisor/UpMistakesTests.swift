import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// What is wrong never stops the job, and lines of apps in all their forms.
@Suite(.timeLimit(TestTime.limit))
struct UpMistakesTests {
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
}
