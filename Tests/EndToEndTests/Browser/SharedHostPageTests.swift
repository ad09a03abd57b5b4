import Foundation
import Testing

/// Two jobs on one host, in one browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct SharedHostPageTests {
    private static let areThere = RealApp.available([.lab, .classic]).count == 2

    private struct Printed: Decodable { let printed: String }

    /// The classic Notebook's cookie `_xsrf` was for the whole host, and every POST of JupyterLab's was refused from then
    /// on.
    @Test(.enabled(if: areThere))
    func theClassicNotebookLeavesJupyterLabAlone() throws {
        try withLauncher { launcher in
            try launcher.use(.lab, rule: "lab")
            let (classic, port) = ("/ingress/liuxw24-c1a55/", Port.free())
            launcher.podInfo.setRule("notebook", port: port, prefix: classic)
            let program = "\(RealApp.classic.bin ?? "")/jupyter-notebook"
            try launcher.startUp([
                "--app", "jupyter --rule lab", "--app", "jupyter --rule notebook --executable \(program)",
            ])
            let ingress = try Ingress(for: launcher)
            defer { ingress.end() }
            let browser = try Browser("jupyterlab", at: ingress, for: launcher)
            try ingress.route([(launcher.prefix, launcher.port), (classic, port)], for: launcher)
            try launcher.wait(until: "both to be announced") {
                [launcher.prefix, classic].allSatisfy { launcher.everything.contains("open \($0)?token=") }
            }
            func entrance(_ prefix: String) throws -> String {
                let text = launcher.everything
                let start = try #require(text.range(of: "open \(prefix)?token=")).upperBound
                return "\(prefix)?token=\(text[start...].prefix { $0.isLetter || $0.isNumber })"
            }
            #expect(try browser.open(try entrance(launcher.prefix)).status == 200)
            for page in [try entrance(classic), "\(classic)tree"] { #expect(try browser.passBy(page) == 200) }
            try browser.tell("decline_news")
            let cell = ["code": "print('KERNEL', 6 * 7)", "expecting": "KERNEL 42"]
            #expect(try browser.tell("run_cell", cell, as: Printed.self).printed == "KERNEL 42\n")
            let paths = Set(try browser.traffic().cookies)
            #expect(paths == [launcher.prefix, classic])
            try browser.close()
            ingress.end()
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
        }
    }
}
