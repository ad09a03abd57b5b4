import CraterRunCore
import Foundation
import Testing

/// Apps that nobody uses are stopped, and a visit starts them again.
@Suite(.timeLimit(TestTime.limit))
struct DoorSleepTests {
    private func state(_ launcher: Launcher) -> String? { try? launcher.shownSupervisor()["tensorboard"]?.state }

    private func waitUntilAsleep(_ launcher: Launcher) throws {
        // An open page that asks for the same as ever.
        try launcher.wait(until: "the app sleeps") {
            _ = HTTP.get("\(launcher.prefix)data/environment", port: launcher.port)
            return state(launcher) == "asleep"
        }
    }

    @Test(arguments: Mode.available)
    func aVisitWakes(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--sleep-after", "1s", "--app", "tensorboard"])
            try launcher.waitUntilReady()
            let first = try launcher.launch().pid
            try waitUntilAsleep(launcher)
            #expect(!launcher.living().contains { $0.identity.pid == launcher.hostPID(of: first) })
            #expect(launcher.probe("/readyz")?.status == 200 && launcher.probe("/readyz/tensorboard")?.status == 200)
            #expect(try launcher.ask("status").output.contains("nobody has used it for 1 s"))

            try launcher.waitUntilAnswered(503, saying: "asleep")
            #expect(launcher.launches.count == 1, "an open page wakes nothing")
            let page = HTTP.get(launcher.prefix, port: launcher.port, fields: ["Accept: text/html"])
            #expect(page?.status == 503 && page?.body.contains("tensorboard is asleep") ?? false)
            _ = try launcher.launch(2)
            try launcher.waitUntilReady()
            try launcher.waitUntilAnswered(200)

            try waitUntilAsleep(launcher)
            let start = try launcher.ask("start", "tensorboard")
            #expect(start.ending == .exited(0), "\(start)")
            try launcher.waitUntilReady()
            _ = try launcher.launch(3)
            try waitUntilAsleep(launcher)
            try launcher.finishJob(code: 7)
            #expect(try launcher.end() == .exited(7))
            #expect(launcher.leftovers() == [] && launcher.launches.count == 3)
        }
    }

    @Test func oneThatWasStoppedIsWokenByNobody() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--sleep-after", "1s", "--app", "tensorboard"])
            try launcher.waitUntilReady()
            try waitUntilAsleep(launcher)
            #expect(try launcher.ask("stop", "tensorboard").ending == .exited(0))
            try launcher.waitUntilAnswered(503, saying: "is stopped")
            #expect(state(launcher) == "stopped" && launcher.launches.count == 1)
        }
    }
}
