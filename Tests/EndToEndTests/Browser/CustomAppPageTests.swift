import Foundation
import Testing

/// An app that crater-run knows nothing about, as people see it: a notebook of marimo's, run as a web app.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct CustomAppPageTests {
    private struct Waves: Decodable, Equatable {
        let value: String
        let crossings: Int
    }

    /// Without the slash it redirects to http, as Starlette's apps do behind a proxy that they do not know; the ingress
    /// leads back to https.
    private func known(_ stage: Stage) -> [String] {
        [stage.ingress.url(stage.prefix).replacing("https://", with: "http://")]
    }

    @Test(.enabled(if: RealApp.marimo.bin != nil || Mode.isOnCI))
    func answersItsSliderAndFollowsItsRule() throws {
        try withLauncher { launcher in
            try launcher.use(.marimo, rule: "demo")
            let app = "\(Browser.scripts)waves.py"
            try Stage.with(
                launcher, "waves", rule: "demo",
                serving: "app demo -- marimo run '\(app)' --headless --no-token --host 0.0.0.0 --port {port} "
                    + "--base-url {prefix}"
            ) { stage in
                let opened = try stage.browser.open(stage.prefix)
                #expect(opened.status == 200)
                #expect(opened.protocol == "h2")
                let waves = try stage.browser.tell("add_waves", ["count": "2"], as: Waves.self)
                // Two a wave, and none at either end.
                #expect(waves == Waves(value: "5", crossings: 9))
                try stage.browser.screenshot("custom-app")
                try stage.expectAllWithinPrefix().expectSocket("ws", within: stage.prefix, of: stage.ingress)

                let short = try stage.browser.open(String(stage.prefix.dropLast()))
                #expect(short.url == stage.ingress.url(stage.prefix))
                try stage.expectAllWithinPrefix(but: known(stage))
                    .expectSocket("ws", within: stage.prefix, of: stage.ingress)

                try stage.move(to: Stage.other)
                #expect(try stage.browser.open(Stage.other).status == 200)
                try stage.expectAllWithinPrefix().expectSocket("ws", within: stage.prefix, of: stage.ingress)
                #expect(try stage.browser.open(launcher.prefix).status == 404)
            }
        }
    }
}
