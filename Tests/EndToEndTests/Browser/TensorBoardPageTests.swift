import Foundation
import Testing

/// TensorBoard as people see it: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct TensorBoardPageTests {
    private struct Charts: Decodable {
        struct Chart: Decodable {
            let title: String
            let ink: Int
            let rows: [[String]]
        }

        let charts: [Chart]
    }

    /// Its style sheet names fonts at the host's root, where they have never been (tensorflow/tensorboard#1885).
    private let known = ["/font-roboto/"]

    private func expectCharts(_ browser: Browser) throws {
        let charts = try browser.tell("charts", as: Charts.self).charts
        #expect(charts.map(\.title) == ["epoch/accuracy", "epoch/loss"])
        for chart in charts { #expect(chart.ink > 1000, "too little is drawn in \(chart.title)") }
        // What write_scalars.py wrote last: run, value, step.
        let last = charts.last?.rows.map { row in [0, 2, 3].map { row.count > $0 ? row[$0] : "" } }
        #expect(last == [["train", "0.25", "100"], ["validation", "0.5", "100"]])
    }

    @Test(.enabled(if: RealTensorBoard.newest.bin != nil || Mode.isOnCI))
    func drawsItsChartsAndFollowsItsRule() throws {
        try withLauncher { launcher in
            let bin = try #require(RealTensorBoard.newest.bin)
            launcher.environment["PATH"] = "\(bin):/usr/bin:/bin"
            try launcher.client("write_scalars", in: bin, ["\(launcher.work)/logs"])
            try Stage.with(
                launcher, "tensorboard", rule: "tensorboard", serving: "tensorboard --logdir logs"
            ) { stage in
                let opened = try stage.browser.open(stage.prefix)
                #expect(opened.status == 200)
                #expect(opened.protocol == "h2")
                #expect(opened.title == "TensorBoard")
                try expectCharts(stage.browser)
                try stage.browser.screenshot("tensorboard")
                try stage.expectAllWithinPrefix(but: known)

                let short = try stage.browser.open(String(stage.prefix.dropLast()))
                #expect(short.url.hasPrefix(stage.ingress.url(stage.prefix)))
                try expectCharts(stage.browser)
                try stage.expectAllWithinPrefix(but: known)

                try stage.move(to: Stage.other)
                #expect(try stage.browser.open(Stage.other).status == 200)
                try expectCharts(stage.browser)
                try stage.expectAllWithinPrefix(but: known)
                #expect(try stage.browser.open(launcher.prefix).status == 404)
            }
        }
    }
}
