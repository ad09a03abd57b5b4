import Foundation
import Glibc
import Testing

/// Real apps below prefixes with escapes, and with characters that some of them cannot have there. What the newest can have is
/// tested by `SharedHostPageTests`, which has them running anyway.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct PrefixFormTests {
    private static let old = RealApp.available([.oldTensorBoard])
    private static let ascii = RealApp.available([.tensorBoard, .oldTensorBoard, .marimo])
    private static let patterns = RealApp.available([.lab, .notebook, .classic, .visdom, .newestVisdom])

    private func serve(_ app: RealApp, at prefix: String, _ launcher: Launcher) throws {
        let command = app.command
        try launcher.use(app, rule: command)
        launcher.podInfo.setRule(command, port: launcher.port, prefix: prefix)
        let words = app.interface.map { ["--interface", $0] } ?? []
        try launcher.serve(command, words)
    }

    private func expect(_ app: RealApp, at prefix: String) throws {
        try withLauncher { launcher in
            try serve(app, at: prefix, launcher)
            try launcher.line("\(app.command): ready", "at \(prefix)")
            #expect([200, 302, 303].contains(HTTP.get(prefix, port: launcher.port)?.status))
            #expect(HTTP.get("/", port: launcher.port)?.status == 404)
            _ = try launcher.stop()
        }
    }

    private func expectRefused(_ app: RealApp, at prefix: String, because reason: String) throws {
        try withLauncher { launcher in
            try serve(app, at: prefix, launcher)
            try launcher.line("\(app.command) cannot be served below \(prefix): it \(reason)")
            #expect(try launcher.end() == .exited(64))
        }
    }

    @Test(arguments: old)
    func oldOnesMayHaveEscapes(app: RealApp) throws {
        try expect(app, at: "/ingress/\(Preset.Escapes.ascii.rawValue)/")
    }

    /// With the dot, which is a sign of a regular expression as well.
    @Test(arguments: RealApp.available([.newestVisdom]))
    func visdomMayHaveLettersBeyondASCII(app: RealApp) throws {
        try expect(app, at: "/ingress/\(Preset.Escapes.all.rawValue)%20%E5%BC%A0/")
    }

    @Test(arguments: ascii)
    func lettersBeyondASCIIAreRefused(app: RealApp) throws {
        let reason = app.command == "marimo" ? "cannot log anybody in" : "reads letters beyond ASCII wrongly"
        try expectRefused(app, at: "/ingress/a%20b%c3%a9%E5%BC%A0-1a2b3/", because: reason)
    }

    @Test(arguments: ascii)
    func mayHaveSignsOfRegularExpressions(app: RealApp) throws {
        try expect(app, at: "/ingress/a(b)+c*d$e.f/")
    }

    @Test(arguments: patterns)
    func signsOfRegularExpressionsAreRefused(app: RealApp) throws {
        for prefix in ["/ingress/a(b)/", "/ingress/a+b/", "/ingress/a*b/", "/ingress/a$b/"] {
            try expectRefused(app, at: prefix, because: "takes these for signs of a regular expression")
        }
    }
}
