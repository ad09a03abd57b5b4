import Foundation
import Glibc
import Testing

/// Real apps below prefixes with escapes, and with characters that some of them cannot have there.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct PrefixFormTests {
    private static let apps = RealApp.available([
        .tensorBoard, .oldTensorBoard, .lab, .notebook, .classic, .visdom, .newestVisdom, .marimo,
    ])

    private func serve(_ app: RealApp, at prefix: String, _ launcher: Launcher) throws {
        let command = app.command
        try launcher.use(app, rule: command)
        launcher.podInfo.setRule(command, port: launcher.port, prefix: prefix)
        let words = app.interface.map { ["--interface", $0] } ?? []
        try launcher.serve(command, words)
    }

    @Test(arguments: apps, ["/ingress/z.san%40corp-1a2b3/", "/ingress/%7Ea/b-1a2b3/"])
    func mayHaveEscapes(app: RealApp, prefix: String) throws {
        try withLauncher { launcher in
            try serve(app, at: prefix, launcher)
            try launcher.line("\(app.command): ready", "at \(prefix)")
            #expect([200, 302, 303].contains(HTTP.get(prefix, port: launcher.port)?.status))
            #expect(HTTP.get("/", port: launcher.port)?.status == 404)
            _ = try launcher.stop()
        }
    }

    @Test(arguments: apps)
    func mayHaveLettersBeyondASCIIOrIsRefused(app: RealApp) throws {
        let prefix = "/ingress/a%20b%c3%a9%E5%BC%A0-1a2b3/"
        try withLauncher { launcher in
            try serve(app, at: prefix, launcher)
            guard ["jupyter", "visdom"].contains(app.command) else {
                try launcher.line("\(app.command) cannot be served below \(prefix): it ")
                #expect(try launcher.end() == .exited(64))
                return
            }
            try launcher.line("\(app.command): ready", "at \(prefix)")
            _ = try launcher.stop()
        }
    }

    @Test(arguments: apps)
    func mayHaveSignsOfRegularExpressionsOrIsRefused(app: RealApp) throws {
        for prefix in ["/ingress/a(b)/", "/ingress/a+b/", "/ingress/a*b/", "/ingress/a$b/", "/ingress/a.b/"] {
            try withLauncher { launcher in
                try serve(app, at: prefix, launcher)
                guard !["jupyter", "visdom"].contains(app.command) || prefix.contains(".") else {
                    try launcher.line(
                        "cannot be served below \(prefix): it takes these for signs of a regular expression")
                    #expect(try launcher.end() == .exited(64))
                    return
                }
                try launcher.line("\(app.command): ready", "at \(prefix)")
                _ = try launcher.stop()
            }
        }
    }
}
