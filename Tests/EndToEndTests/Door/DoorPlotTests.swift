import Foundation
import Glibc
import Testing

/// A plot behind the front door, whose page keeps a websocket open.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct DoorPlotTests {
    private struct Plot: Decodable { let points: Int }

    /// Sends a plot while the page is open, and waits until the page has drawn it.
    private func expectPlot(_ title: String, _ stage: Stage) throws {
        let base = String(stage.prefix.dropLast())
        let sent = try stage.launcher.client("visdom_client", of: .visdom, "\(stage.launcher.port)", base, title)
        #expect(sent == "\(title)-curve\n")
        #expect(try stage.browser.tell("plot", ["title": title], as: Plot.self).points > 10)
    }

    @Test(.enabled(if: RealApp.visdom.bin != nil && VisdomFiles.path != nil || Mode.isOnCI))
    func thePageDrawsOnAfterEachDeath() throws {
        try withLauncher { launcher in
            try launcher.use(.visdom, rule: "visdom")
            try VisdomFiles.install(in: launcher)
            try Stage.with(launcher, "visdom", rule: "visdom", serving: "visdom --door") { stage in
                #expect(try stage.browser.open(stage.prefix).status == 200)
                try expectPlot("loss", stage)
                let victims: [(String, () throws -> Int32)] = [
                    ("door", { try launcher.doorPID() }),
                    ("app", { try #require(try launcher.shownSupervisor()["visdom"]?.pid) }),
                    ("supervisor", { try launcher.supervisorPID() }),
                ]
                for (name, pid) in victims {
                    kill(try pid(), SIGKILL)
                    try stage.browser.tell("reconnect")
                    try expectPlot("after-\(name)", stage)
                }
            }
        }
    }
}
