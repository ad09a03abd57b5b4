import Foundation
import Testing

/// Visdom as people see it: through an ingress, in a browser, with its files for browsers.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct VisdomPageTests {
    private struct Plot: Decodable { let points: Int }

    /// The page names its icon by a path of its own, which leads out where the URL has no slash at its end.
    private let known = ["/ingress/favicon.png"]

    private func send(_ stage: Stage) throws {
        let sent = try stage.launcher.client(
            "visdom_client", of: .visdom, "\(stage.launcher.port)", String(stage.prefix.dropLast()))
        #expect(sent == "loss-curve\n")
    }

    /// The plot that the client sends is in the page, with a line through its points.
    private func expectPlot(_ stage: Stage) throws {
        #expect(try stage.browser.tell("plot", ["title": "loss"], as: Plot.self).points > 10)
    }

    @Test(.enabled(if: RealApp.visdom.bin != nil && VisdomFiles.path != nil || Mode.isOnCI))
    func showsWhatIsSentAndFollowsItsRule() throws {
        try withLauncher { launcher in
            try launcher.use(.visdom, rule: "visdom")
            try VisdomFiles.install(in: launcher)
            try Stage.with(
                launcher, "visdom", rule: "visdom", serving: "visdom"
            ) { stage in
                #expect(!launcher.errors.text.contains("page will be empty"))

                let opened = try stage.browser.open(stage.prefix)
                #expect(opened.status == 200)
                #expect(opened.protocol == "h2")
                #expect(opened.title == "visdom")
                // It is sent while the page is open, and comes by the websocket.
                try send(stage)
                try expectPlot(stage)
                try stage.browser.screenshot("visdom")
                try stage.expectAllWithinPrefix().expectSocket("socket", within: stage.prefix, of: stage.ingress)

                #expect(try stage.browser.open(String(stage.prefix.dropLast())).status == 200)
                try expectPlot(stage)
                try stage.expectAllWithinPrefix(but: known)
                    .expectSocket("socket", within: stage.prefix, of: stage.ingress)

                try stage.move(to: Stage.other)
                #expect(try stage.browser.open(Stage.other).status == 200)
                try send(stage)
                try expectPlot(stage)
                try stage.expectAllWithinPrefix(but: known).expectSocket(
                    "socket", within: stage.prefix, of: stage.ingress)
                #expect(try stage.browser.open(launcher.prefix).status == 404)
            }
        }
    }
}
