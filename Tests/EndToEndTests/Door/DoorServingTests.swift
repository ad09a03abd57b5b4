import CraterRunCore
import Foundation
import Glibc
import Testing

/// Apps that are served through the front door.
@Suite(.timeLimit(TestTime.limit))
struct DoorServingTests {
    @Test(arguments: Mode.available)
    func theAppListensAtAPortOfItsOwn(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start("--door")
            try launcher.waitUntilReady()
            let arguments = try launcher.launch().arguments
            #expect(arguments.contains("127.0.0.1") && !arguments.contains("\(launcher.port)"))
            #expect(arguments.contains("--path_prefix=/ingress/liuxw24-379e0"))
            let answer = try launcher.waitUntilAnswered(200)
            #expect(try answer.body == "\(launcher.launch().pid)\n")
            let shown = try launcher.shownSupervisor()
            #expect(shown["tensorboard"]?.servedAt?.port == Int(launcher.port))
            #expect(shown["tensorboard"]?.backend?.prefix == "/ingress/liuxw24-379e0")
            #expect(arguments.contains("\(shown["tensorboard"]?.backend?.port ?? 0)"))
            #expect(shown.door?.ports == [launcher.port] && shown.door?.serving == true)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [] && Port.isFree(launcher.port))
        }
    }

    @Test func theVariableIsEnough() throws {
        try withLauncher { launcher in
            launcher.environment["CRATER_RUN_DOOR"] = "on"
            try launcher.start()
            try launcher.waitUntilReady()
            try launcher.waitUntilAnswered(200)
            #expect(try launcher.shownSupervisor().door?.ports == [launcher.port])
        }
    }

    @Test func withoutADoorThereIsNone() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            #expect(try launcher.launch().arguments.contains("\(launcher.port)"))
            #expect(!launcher.living().contains { $0.name == "crater-run-door" })
            #expect(try launcher.shownSupervisor().door == nil)
        }
    }

    @Test func besideAJob() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--door"] + Launcher.line("tensorboard"))
            try launcher.waitUntilReady()
            try launcher.waitUntilAnswered(200)
            try launcher.finishJob(code: 7)
            #expect(try launcher.end() == .exited(7))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func aLineOfUpMayHaveADoorOfItsOwn() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard --strip-prefix"])
            try launcher.waitUntilReady()
            #expect(try launcher.launch().arguments.contains("--path_prefix=/"))
            try launcher.waitUntilAnswered(200)
            #expect(try launcher.shownSupervisor()["tensorboard"]?.backend?.prefix == "/")
        }
    }

    // MARK: - A page instead of a 502

    @Test func whileTheAppIsNotThereAPageSaysSo() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_DO_1"] = "exit:3"
            launcher.environment["FAKE_DO_2"] = "exit:3"
            try launcher.start("--door", "--max-restarts", "unlimited")
            try launcher.line("exited with code 3")
            let answer = try launcher.waitUntilAnswered(503)
            #expect(answer.head.lowercased().contains("retry-after:"))
            try launcher.waitUntilReady()
            #expect(try launcher.waitUntilAnswered(200).body == "\(try launcher.launch(3).pid)\n")
        }
    }

    @Test func anAppThatIsStoppedHasAPageToo() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard --door"])
            try launcher.waitUntilReady()
            #expect(try launcher.ask("stop", "tensorboard").ending == .exited(0))
            #expect(try launcher.waitUntilAnswered(503).body.contains("tensorboard"))
            #expect(try launcher.ask("start", "tensorboard").ending == .exited(0))
            try launcher.waitUntilAnswered(200)
        }
    }

    // MARK: - Rules

    @Test func aChangedPortRelaunchesNothing() throws {
        try withLauncher { launcher in
            try launcher.start("--door")
            try launcher.waitUntilReady()
            let first = try launcher.waitUntilAnswered(200).body
            let other = Port.free()
            launcher.podInfo.setRule("tensorboard", port: other, prefix: launcher.prefix)
            try launcher.podInfo.write()
            try launcher.line("the front door follows, and it goes on as it is")
            #expect(try launcher.waitUntilAnswered(200, at: other).body == first)
            #expect(launcher.launches.count == 1)
            try launcher.wait(until: "the old port to be free") { Port.isFree(launcher.port) }
        }
    }

    @Test func aChangedPrefixRelaunchesNoStrippedApp() throws {
        try withLauncher { launcher in
            try launcher.start("--strip-prefix")
            try launcher.waitUntilReady()
            let first = try launcher.waitUntilAnswered(200).body
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/other/")
            try launcher.podInfo.write()
            #expect(try launcher.waitUntilAnswered(200, under: "/ingress/other/").body == first)
            #expect(launcher.launches.count == 1)
            #expect(try launcher.answer().status == 404, "the old prefix is nobody's any more")
        }
    }

    @Test func aChangedPrefixRelaunchesAnAppThatKnowsIt() throws {
        try withLauncher { launcher in
            try launcher.start("--door")
            try launcher.waitUntilReady()
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/other/")
            try launcher.podInfo.write()
            try launcher.line("starting it again")
            try launcher.waitUntilReady()
            #expect(
                try launcher.waitUntilAnswered(200, under: "/ingress/other/").body == "\(try launcher.launch(2).pid)\n")
        }
    }

    @Test func twoAppsSwapTheirPorts() throws {
        try withLauncher { launcher in
            let other = Port.free()
            launcher.podInfo.setRule("one", port: launcher.port, prefix: "/ingress/one/")
            launcher.podInfo.setRule("two", port: other, prefix: "/ingress/two/")
            launcher.podInfo.removeRule("tensorboard")
            let words = "--ready-path /data/environment -- tensorboard --port {port} --path_prefix={prefix}"
            try launcher.startUp(["--door", "--app", "app one \(words)", "--app", "app two \(words)"])
            let first = try launcher.waitUntilAnswered(200, under: "/ingress/one/").body
            let second = try launcher.waitUntilAnswered(200, under: "/ingress/two/", at: other).body
            launcher.podInfo.setRule("one", port: other, prefix: "/ingress/one/")
            launcher.podInfo.setRule("two", port: launcher.port, prefix: "/ingress/two/")
            try launcher.podInfo.write()
            #expect(try launcher.waitUntilAnswered(200, under: "/ingress/one/", at: other).body == first)
            #expect(try launcher.waitUntilAnswered(200, under: "/ingress/two/").body == second)
            #expect(launcher.launches.count == 2)
        }
    }

    @Test func aPortInUseIsWaitedFor() throws {
        try withLauncher { launcher in
            let holder = try Bystander(port: launcher.port)
            try launcher.start("--door")
            try launcher.line("port \(launcher.port) is in use by")
            #expect(launcher.launches.isEmpty)
            holder.end()
            try launcher.waitUntilReady()
            try launcher.waitUntilAnswered(200)
        }
    }

    // MARK: - Others

    @Test func dryRunShowsBothPlaces() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let said = try launcher.ask(
                "tensorboard", "--annotations", launcher.podInfo.path, "--dry-run", "--strip-prefix")
            #expect(said.ending == .exited(0))
            #expect(said.output.contains("rule:         tensorboard, port \(launcher.port), path \(launcher.prefix)"))
            #expect(said.output.contains("front door:   from there to 127.0.0.1, port "))
            #expect(said.output.contains("--host 127.0.0.1") && said.output.contains("--path_prefix=/\n"))
        }
    }

    @Test func replaceTakesThePortOver() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--door", "--app", "tensorboard"])
            try launcher.waitUntilReady()
            let client = try launcher.beside(
                [TestBinary.path, "tensorboard", "--annotations", launcher.podInfo.path, "--replace"],
                ["CRATER_RUN_HEALTH_PORT": nil])
            try launcher.line("tensorboard: ready", of: client)
            #expect(try launcher.launch(2).arguments.contains("\(launcher.port)"))
            #expect(try launcher.waitUntilAnswered(200).body == "\(try launcher.launch(2).pid)\n")
        }
    }

    @Test func theDoctorHasALinkForIt() throws {
        try withLauncher { launcher in
            try launcher.start("--door")
            try launcher.waitUntilReady()
            let said = try launcher.ask("doctor", "tensorboard", "--annotations", launcher.podInfo.path)
            #expect(said.output.contains("✓ tensorboard door: the front door (pid "), "\(said)")
            #expect(said.output.contains("✓ tensorboard answer: it answers 200"), "\(said)")
            #expect(!said.output.contains("✗"), "\(said)")
        }
    }
}
