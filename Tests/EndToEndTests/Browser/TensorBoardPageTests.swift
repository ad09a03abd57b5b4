import Foundation
import Testing

/// TensorBoard as people see it: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct TensorBoardPageTests {
    struct Charts: Decodable {
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
        #expect(charts.map { $0.title.filter { !$0.isWhitespace } } == ["epoch/accuracy", "epoch/loss"])
        for chart in charts { #expect(chart.ink > 1000, "too little is drawn in \(chart.title)") }
        // What write_scalars.py wrote last.
        #expect(
            charts.last?.rows.map { [$0[0], $0[2], $0[3]] } == [
                ["train", "0.25", "100"], ["validation", "0.5", "100"],
            ])
    }

    @Test(.enabled(if: RealTensorBoard.newest.bin != nil || Mode.isOnCI))
    func drawsItsChartsAndFollowsItsRule() throws {
        try withLauncher { launcher in
            let bin = try #require(RealTensorBoard.newest.bin)
            try launcher.client("write_scalars", in: bin, ["\(launcher.work)/logs"])
            launcher.environment["PATH"] = "\(bin):/usr/bin:/bin"
            launcher.podInfo.removeRule("notebook")
            try launcher.startUp(["--app", "tensorboard --logdir logs"])
            let ingress = try Ingress(for: launcher)
            try ingress.route([(launcher.prefix, launcher.port)], for: launcher)
            try launcher.waitUntilReady()
            let browser = try Browser("tensorboard", at: ingress, for: launcher)

            let opened = try browser.open(launcher.prefix)
            #expect(opened.status == 200)
            #expect(opened.protocol == "h2")
            #expect(opened.title == "TensorBoard")
            try expectCharts(browser)
            try browser.screenshot("tensorboard")
            try browser.traffic().expectAll(within: launcher.prefix, of: ingress, but: known)

            let short = try browser.open(String(launcher.prefix.dropLast()))
            #expect(short.url.hasPrefix(ingress.url(launcher.prefix)))
            try expectCharts(browser)
            try browser.traffic().expectAll(within: launcher.prefix, of: ingress, but: known)

            let other = "/ingress/liuxw24-0ther/"
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: other)
            try launcher.podInfo.write()
            try ingress.route([(other, launcher.port)], for: launcher)
            try launcher.line("tensorboard: ready", "at \(other)")
            #expect(try browser.open(other).status == 200)
            try expectCharts(browser)
            try browser.traffic().expectAll(within: other, of: ingress, but: known)
            #expect(try browser.open(launcher.prefix).status == 404)

            try browser.close()
            ingress.end()
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}
