import Foundation
import Testing

/// Real apps of the presets below prefixes with escapes, and with characters that some web packages take for signs of a
/// regular expression. `PrefixFormTests` has the other apps.
@Suite(.serialized, .timeLimit(TestTime.limit), .enabled(if: !RealApp.available([.presets]).isEmpty))
struct PresetPrefixFormTests {
    /// An app, and what it serves.
    private struct Served {
        let name: String
        var file: String?
        /// The rest of its prefix: all that it can have, as measured.
        let prefix: String

        var line: String { [name, file].compactMap { $0 }.joined(separator: " ") }
    }

    private static let every = "z.san%40c%7Ea%C3%A9%20x"
    private static let signs = "a(b)+*$c.d"

    private func prepare(_ launcher: Launcher) throws {
        try launcher.use(.presets, rule: "none")
        launcher.podInfo.removeRule("none")
        let files = try #require(Bundle.module.resourcePath) + "/Clients/apps"
        for name in try FileManager.default.contentsOfDirectory(atPath: files) {
            try FileManager.default.copyItem(atPath: "\(files)/\(name)", toPath: "\(launcher.work)/\(name)")
        }
    }

    /// Half of them at a time, for the memory's sake.
    @Test(arguments: [0, 1])
    func mayHaveWhatTheAppCanServe(half: Int) throws {
        let apps = [
            Served(name: "streamlit", file: "streamlit_waves.py", prefix: "\(Self.every)/\(Self.signs)"),
            Served(name: "gradio", file: "gradio_waves.py", prefix: "\(Self.every)/\(Self.signs)"),
            Served(name: "mlflow", prefix: "\(Self.every)/\(Self.signs)"),
            Served(name: "aim", prefix: "\(Self.every)/\(Self.signs)"),
            Served(name: "dash", file: "dash_waves.py", prefix: "\(Self.every)/\(Self.signs)"),
            Served(name: "visualdl", prefix: "z.san%40c%7Ea%C3%A9/\(Self.signs)"),
            Served(name: "datasette", file: "runs.db", prefix: "\(Self.every)/\(Self.signs)"),
            Served(name: "voila", file: "waves.ipynb", prefix: Self.every),
            Served(name: "bokeh", file: "bokeh_waves.py", prefix: Self.every),
            Served(name: "panel", file: "panel_waves.py", prefix: Self.every),
        ].enumerated().filter { $0.offset % 2 == half }.map(\.element)
        try withLauncher(Mode.available[0]) { launcher in
            try prepare(launcher)
            // Datasette does not start without its file, and Aim not without its repository.
            let viewers = apps.map(\.name).filter { ["aim", "datasette"].contains($0) }
            try launcher.client("fill_apps", in: RealApp.presets.bin ?? "", [launcher.work] + viewers)
            for app in apps {
                launcher.podInfo.setRule(app.name, port: Port.free(), prefix: "/ingress/\(app.prefix)/\(app.name)/")
            }
            try launcher.startUp(apps.flatMap { ["--app", $0.line] })
            var ready: [String] = []
            try launcher.waitForAll(apps, toBe: "ready") { app in
                // Each line is looked at once, since there are thousands.
                while let line = launcher.errors.takeLine(containing: []) {
                    if line.hasPrefix("crater-run: "), line.contains(": ready") { ready.append(line) }
                }
                return ready.contains {
                    $0.hasPrefix("crater-run: \(app.name): ready") && $0.contains("/ingress/\(app.prefix)/")
                }
            }
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
        }
    }

    @Test(
        arguments: ["voila waves.ipynb", "bokeh bokeh_waves.py", "panel panel_waves.py"],
        ["/ingress/a(b)/", "/ingress/a+b/", "/ingress/a*b/", "/ingress/a$b/"])
    func isRefusedWhereItIsARegularExpression(line: String, prefix: String) throws {
        let words = line.split(separator: " ").map(String.init)
        try withLauncher { launcher in
            try prepare(launcher)
            launcher.podInfo.setRule(words[0], port: launcher.port, prefix: prefix)
            try launcher.serve(words[0], Array(words.dropFirst()))
            try launcher.line("cannot be served below \(prefix): it takes these for signs of a regular expression")
            #expect(try launcher.end() == .exited(64))
        }
    }
}
