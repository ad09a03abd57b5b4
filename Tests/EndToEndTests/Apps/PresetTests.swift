import CraterRunLinux
import Foundation
import Glibc
import Testing

/// The real apps that crater-run knows by name, below a prefix. `PresetPageTests` has them below crater-run that is not PID 1.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct PresetTests {
    private static let mode = Mode.available[0]

    @Test(arguments: Preset.available)
    func isServedBelowItsPrefixAndLeavesNothing(_ preset: Preset) throws {
        try withLauncher(Self.mode) { launcher in
            try preset.prepare(launcher)
            try launcher.serve(preset.name, preset.words)
            try launcher.line("\(preset.name): ready", "at \(launcher.prefix)\(preset.page)")
            try launcher.line("\(preset.name): has no login")
            let page = try launcher.page("\(launcher.prefix)\(preset.page)")
            #expect(page.contains(preset.content), "\(page.prefix(2000))")
            _ = try launcher.stop()
            #expect(launcher.leftovers() == [])
            #expect(launcher.privateFiles == [])
        }
    }

    @Test(arguments: RealApp.available([.marimo]))
    func marimoRunsANotebookThatAsksForItsToken(app: RealApp) throws {
        try withLauncher { launcher in
            try launcher.use(app, rule: "marimo")
            try launcher.serve("marimo", ["run", "\(Browser.scripts)waves.py"])
            try launcher.line("marimo: ready", "at \(launcher.prefix)")
            let file = try #require(launcher.privateFiles.first { $0.hasSuffix("/marimo/token") })
            let token = String(decoding: try SmallFile.read("\(launcher.root)/run/\(file)"), as: UTF8.self)
            #expect(HTTP.get(launcher.prefix, port: launcher.port)?.status == 303)
            let entrance = "\(launcher.prefix)?access_token=\(token)"
            #expect([200, 303].contains(HTTP.get(entrance, port: launcher.port)?.status))
            #expect(launcher.commandLines().values.filter { $0.contains(token) } == [])
            _ = try launcher.stop()
            #expect(launcher.leftovers() == [])
        }
    }
}

extension Launcher {
    /// The page at a path, as a browser is sent there.
    fileprivate func page(_ path: String) throws -> String {
        try MachineTool.curl.run([
            "--silent", "--show-error", "--location", "--max-time", "60", "--noproxy", "*", "--header",
            "Accept-Language: en", "http://127.0.0.1:\(port)\(path)",
        ])
    }
}
