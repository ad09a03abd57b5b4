import Foundation
import Glibc
import Testing

/// Several jobs on one host: in a browser, the cookies of one must not reach another.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct SharedHostTests {
    private static let apps = RealApp.available([
        .tensorBoard, .lab, .notebook, .classic, .visdom, .newestVisdom, .marimo,
    ])

    /// Every cookie that an app sets before a login is for its own prefix.
    @Test(arguments: apps)
    func keepsItsCookiesBelowItsPrefix(app: RealApp) throws {
        try withLauncher { launcher in
            let command = app.command
            try launcher.use(app, rule: command)
            try launcher.serve(command, app.interface.map { ["--interface", $0] } ?? [])
            try launcher.line("\(command): ready")
            for path in ["", "login", "auth/login", "lab", "tree"] {
                let text = try MachineTool.curl.run([
                    "--silent", "--noproxy", "*", "--output", "/dev/null", "--dump-header", "-",
                    "http://127.0.0.1:\(launcher.port)\(launcher.prefix)\(path)",
                ])
                for cookie in text.split(whereSeparator: \.isNewline)
                where cookie.lowercased().hasPrefix("set-cookie:") {
                    #expect(cookie.lowercased().contains("path=\(launcher.prefix.dropLast())"), "\(path): \(cookie)")
                }
            }
            _ = try launcher.stop()
        }
    }
}
