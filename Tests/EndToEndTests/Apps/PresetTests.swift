import CraterRunLinux
import Foundation
import Glibc
import Testing

/// The real apps that crater-run knows by name, below a prefix. `PresetPageTests` has them below crater-run that is not PID 1.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct PresetTests {
    private static let mode = Mode.available[0]

    /// All beside one job, since most of the time goes into their start.
    @Test(.enabled(if: !Preset.available.isEmpty && MachineTool.curl.isTested))
    func areServedBelowTheirPrefixesAndLeaveNothing() throws {
        try withLauncher(Self.mode) { launcher in
            let places = try Preset.all.map { preset in
                try preset.prepare(launcher)
                return (preset: preset, prefix: "/ingress/u-\(preset.name)/", port: Port.free())
            }
            for (preset, prefix, port) in places { launcher.podInfo.setRule(preset.name, port: port, prefix: prefix) }
            try launcher.startUp(
                Preset.all.flatMap { ["--app", ([$0.name] + $0.words).joined(separator: " ")] })
            try launcher.wait(for: "all apps", within: .seconds(150)) {
                launcher.errors.drain()
                let lines = launcher.errors.text.split(separator: "\n")
                let areReady = places.allSatisfy { preset, prefix, _ in
                    let start = "crater-run: \(preset.name): "
                    return lines.contains {
                        $0.hasPrefix("\(start)ready") && $0.hasSuffix("at \(prefix)\(preset.page)")
                    }
                        && lines.contains { $0.hasPrefix("\(start)has no login") }
                }
                return areReady ? () : nil
            }
            for (preset, prefix, port) in places {
                let page = try launcher.page("\(prefix)\(preset.page)", port: port)
                #expect(page.contains(preset.content), "\(preset): \(page.prefix(2000))")
            }
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
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
    fileprivate func page(_ path: String, port: UInt16) throws -> String {
        try MachineTool.curl.run([
            "--silent", "--show-error", "--location", "--max-time", "60", "--noproxy", "*", "--header",
            "Accept-Language: en", "http://127.0.0.1:\(port)\(path)",
        ])
    }
}
