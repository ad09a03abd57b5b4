import Foundation
import Testing

/// The door's own pages for people who see little, or nothing, or use no mouse: what axe-core finds by itself.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct HomeAccessibilityTests {
    private static let home = DoorStage.home()

    @Test func axeFindsNothing() throws {
        try withLauncher { launcher in
            try launcher.install(.pages, as: "pages")
            let lines = [
                "app board -- pages {port} {prefix} board",
                "app idle -- pages {port} {prefix} idle",
                "app broken --max-restarts 0 -- sh -c 'echo no model; exit 3'",
                "app slow -- sh -c 'echo loading; exec sleep 600'",
            ]
            try DoorStage.with(launcher, "door-home-axe", [Self.home], and: lines) { stage in
                let prefix = Self.home.prefix
                let line = try launcher.line("crater-run: home: open \(prefix)#key=")
                let link = String(try #require(line.firstMatch(of: /open (\S+)$/)).1)
                try expectNothing("login", in: "stranger.page", at: prefix, stage)
                try stage.browser.open(link, in: "one.home")
                try stage.browser.shows("An app of this job", in: "one.home")
                for (app, state) in [("board", "Running"), ("broken", "Failed"), ("idle", "Running")] {
                    let script = "words => document.querySelector('#app-\(app) .state')?.textContent === words"
                    try stage.browser.satisfies(script, state, in: "one.home")
                }
                try stage.browser.click("Stop idle", in: "one.home")
                let stopped = "() => document.querySelector('#app-idle .state').textContent === 'Stopped'"
                try stage.browser.satisfies(stopped, in: "one.home")
                let open = "() => document.querySelectorAll('details').forEach(one => { one.open = true; })"
                _ = try stage.browser.run(open, in: "one.home")
                try expectNothing("home", in: "one.home", at: nil, stage)
                try expectNothing("state", in: "one.idle", at: "\(prefix)idle/", stage)
                try expectNothing("starting", in: "one.slow", at: "\(prefix)slow/", stage)
                try expectNothing("no page", in: "one.nobody", at: "\(prefix)nobody/", stage)
            }
        }
    }

    /// - Parameter path: what is opened first; nil: the tab is looked at as it is.
    private func expectNothing(_ name: String, in tab: String, at path: String?, _ stage: DoorStage) throws {
        if let path { try stage.browser.open(path, in: tab) }
        for scheme in ["light", "dark"] {
            for width in [360, 1440] {
                let found = try stage.browser.violations(in: tab, width: width, scheme: scheme)
                #expect(found == [], "\(name), \(scheme), \(width) px")
                let overflows = "() => document.documentElement.scrollWidth > innerWidth"
                #expect(try stage.browser.run(overflows, in: tab) == "false", "\(name), \(width) px: scrolls sideways")
                try stage.browser.screenshot("home-\(name)-\(scheme)-\(width)", of: tab)
            }
        }
    }
}
