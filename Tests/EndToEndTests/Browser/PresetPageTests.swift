import Foundation
import Testing

/// The apps that crater-run knows by name as people see them: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct PresetPageTests {
    private struct Shown: Decodable { let shown: String }

    @Test(arguments: Preset.available)
    func answersBelowItsPrefix(_ preset: Preset) throws {
        try withLauncher { launcher in
            try preset.prepare(launcher)
            let line = ([preset.name] + preset.words).joined(separator: " ")
            try Stage.with(launcher, preset.name, rule: preset.name, serving: line) { stage in
                let opened = try stage.browser.open("\(stage.prefix)\(preset.page)")
                #expect(opened.status == 200)
                #expect(opened.protocol == "h2")
                _ = try stage.browser.tell("use", as: Shown.self)
                try stage.browser.screenshot(preset.name)
                let known = preset.known.map { $0.contains(/^(\/|https:)/) ? $0 : "\(stage.prefix)\($0)" }
                let traffic = try stage.expectAllWithinPrefix(
                    but: known, tolerating: preset.tolerated, sharing: preset.sharedCookies)
                if let socket = preset.socket {
                    traffic.expectSocket(socket, within: stage.prefix, of: stage.ingress)
                }
            }
        }
    }
}
