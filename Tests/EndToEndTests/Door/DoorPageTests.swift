import Foundation
import Glibc
import Testing

/// The front door as people see it while the app behind it comes and goes: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct DoorPageTests {
    private struct Charts: Decodable {
        struct Chart: Decodable { let title: String }
        let charts: [Chart]
    }

    private static let page = "one.page"
    private static let framed = "one.platform"

    /// Waits until the charts are drawn; the page has come by itself then.
    private func expectCharts(_ tab: String, _ stage: DoorStage) throws {
        let words = ["tab": tab, "rows": "4", "ink": "1000"]
        let charts = try stage.browser.tell("charts", words, as: Charts.self).charts
        #expect(charts.map(\.title) == ["epoch/accuracy", "epoch/loss"])
    }

    @Test(.enabled(if: RealTensorBoard.newest.bin != nil || Mode.isOnCI))
    func thePageComesBackByItself() throws {
        try withLauncher { launcher in
            let bin = try #require(RealTensorBoard.newest.bin)
            launcher.environment["PATH"] = "\(bin):/usr/bin:/bin"
            try launcher.client("write_scalars", in: bin, ["\(launcher.work)/logs"])
            let gate = try Gate(for: launcher, to: "\(bin)/tensorboard")
            let line = "tensorboard --door --logdir logs --executable \(Gate.executable)"
            try DoorStage.with(launcher, "door-page", [DoorStage.App("tensorboard", line: line)]) { stage in
                try expectStatePageThenApp(stage, gate)
                try expectNothingOfTheDoorsDeath(stage)
                try expectReturnAfterTheAppsDeath(stage, gate)
                try expectReturnAfterTheSupervisorsDeath(stage, gate)
                try expectReturnAfterAChange(stage, gate)
            }
        }
    }

    /// In a tab and in a frame of the platform's.
    private func expectStatePageThenApp(_ stage: DoorStage, _ gate: Gate) throws {
        let prefix = try stage.prefix("tensorboard")
        // Not before the supervisor has told the door what to serve.
        try stage.launcher.wait(until: "the door answers") { stage.ingress.status(prefix) == 503 }
        let opened = try stage.browser.open(prefix, in: Self.page)
        #expect(opened.status == 503)
        #expect(opened.text.contains("tensorboard is starting"))
        #expect(opened.text.contains("never restarted"))
        try stage.browser.screenshot("door-starting", of: Self.page)
        try stage.browser.open(Ingress.framed("tensorboard"), in: Self.framed)
        try stage.browser.shows("tensorboard is starting", in: "\(Self.framed)/app")

        let forPrograms = try stage.ingress.curl("\(prefix)data/environment")
        #expect(forPrograms.status == 503)
        #expect(forPrograms.body.hasPrefix("crater-run: tensorboard is starting"))
        #expect(forPrograms["retry-after"] != nil)
        #expect(forPrograms["cache-control"] == "no-store")
        let whole = try stage.ingress.curl("\(prefix.dropLast())?a=%2F+b&d")
        #expect(whole.status == 308)
        #expect(whole["location"] == "\(prefix)?a=%2F+b&d")

        try gate.open()
        for tab in [Self.page, "\(Self.framed)/app"] { try expectCharts(tab, stage) }
        try stage.browser.screenshot("door-ready", of: Self.page)
        try stage.browser.leave("one")
    }

    /// Nobody gets an error who comes after it.
    private func expectNothingOfTheDoorsDeath(_ stage: DoorStage) throws {
        let prefix = try stage.prefix("tensorboard")
        try stage.browser.open(prefix, in: Self.page)
        try expectCharts(Self.page, stage)
        let (app, supervisor) = (try stage.pid("tensorboard"), try stage.launcher.supervisorPID())
        var door: Int32?
        // The first is started again at once, the others a little later.
        for _ in 1...3 {
            let killed = try stage.launcher.doorPID(after: door)
            kill(killed, SIGKILL)
            #expect(try stage.ingress.curl(prefix).status == 200)
            #expect(try stage.browser.reload(Self.page).status == 200)
            door = killed
        }
        try expectCharts(Self.page, stage)
        #expect(try stage.pid("tensorboard") == app)
        #expect(try stage.launcher.supervisorPID() == supervisor)
    }

    private func expectReturnAfterTheAppsDeath(_ stage: DoorStage, _ gate: Gate) throws {
        kill(try stage.pid("tensorboard"), SIGKILL)
        let opened = try stage.browser.reload(Self.page)
        // 502 before the supervisor knows that the app has ended.
        #expect([502, 503].contains(opened.status))
        try stage.browser.shows("restarted once", in: Self.page)
        try stage.browser.shows("tensorboard is starting", in: Self.page)
        try gate.open()
        try expectCharts(Self.page, stage)
    }

    /// The page that shows the app's state outlives those who answer it.
    private func expectReturnAfterTheSupervisorsDeath(_ stage: DoorStage, _ gate: Gate) throws {
        kill(try stage.pid("tensorboard"), SIGKILL)
        try stage.browser.reload(Self.page)
        try stage.browser.shows("restarted 2 times", in: Self.page)
        try stage.browser.shows("tensorboard is starting", in: Self.page)
        kill(try stage.launcher.supervisorPID(), SIGKILL)
        try stage.launcher.line("the supervisor of the apps was killed by SIGKILL")
        // It is the next supervisor's now.
        try stage.browser.shows("never restarted", in: Self.page)
        try gate.open()
        try expectCharts(Self.page, stage)
    }

    private func expectReturnAfterAChange(_ stage: DoorStage, _ gate: Gate) throws {
        let before = try stage.prefix("tensorboard")
        try stage.move("tensorboard", to: Stage.other)
        try stage.launcher.wait(until: "the door knows the rule") { stage.ingress.status(Stage.other) == 503 }
        // Another window: for a while, nginx serves the connections that it has by the rules that it had.
        try stage.browser.leave("one")
        #expect(try stage.browser.open(Stage.other, in: Self.page).status == 503)
        try gate.open()
        try expectCharts(Self.page, stage)
        #expect(try stage.ingress.curl(before).status == 404)
    }
}
