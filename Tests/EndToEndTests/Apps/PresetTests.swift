import CraterRunLinux
import Foundation
import Glibc
import Testing

/// What the apps known by name ask of who opens them. `SharedHostPageTests` has their pages.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct PresetTests {
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
