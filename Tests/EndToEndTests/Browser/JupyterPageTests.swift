import Foundation
import Testing

/// Jupyter as people see it: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct JupyterPageTests {
    struct Interface: CustomTestStringConvertible, Sendable {
        /// What the browser calls it, and its pictures.
        let name: String
        let option: String
        let page: String

        var testDescription: String { name }

        static let lab = Interface(name: "jupyterlab", option: "lab", page: "lab")
        static let notebook = Interface(name: "notebook", option: "notebook", page: "tree")
        static let available = RealApp.available([.lab]).isEmpty ? [] : [lab, notebook]
    }

    private struct Printed: Decodable { let printed: String }
    private struct Terminal: Decodable { let lines: [String] }

    /// Scripts of Notebook 7 fail at times, and its page does not show it.
    private let exceptions = ["uncaught: ", "TypeError: "]

    /// The path with the token, as the platform makes it of the first token in a pod's log.
    private func entrance(_ path: some StringProtocol, _ launcher: Launcher) throws -> String {
        let token = try #require(launcher.everything.firstMatch(of: /\?token=([a-zA-Z0-9]+)/)).1
        return "\(path)?token=\(token)"
    }

    @Test(arguments: Interface.available)
    func runsCellsAndTerminalsAndFollowsItsRule(_ interface: Interface) throws {
        try withLauncher { launcher in
            try launcher.use(.lab, rule: "notebook")
            let line = "jupyter --interface \(interface.option)"
            let stage = try Stage(launcher, interface.name, rule: "notebook", serving: line)
            try stage.waitUntilReady()
            try launcher.line("jupyter: open \(stage.prefix)?token=")

            let opened = try stage.browser.open(try entrance(stage.prefix, launcher))
            #expect(opened.status == 200)
            #expect(opened.protocol == "h2")
            #expect(opened.url.hasPrefix(stage.ingress.url("\(stage.prefix)\(interface.page)")))
            if interface.name == "jupyterlab" { try stage.browser.tell("decline_news") }
            let cell = ["code": "print('KERNEL', 6 * 7)", "expecting": "KERNEL 42"]
            #expect(try stage.browser.tell("run_cell", cell, as: Printed.self).printed == "KERNEL 42\n")
            try stage.browser.screenshot(interface.name)
            let command = ["command": "echo TERMINAL $((6 * 7))", "expecting": "TERMINAL 42"]
            let terminal = try stage.browser.tell("type_in_terminal", command, as: Terminal.self)
            #expect(terminal.lines.contains("TERMINAL 42"))
            try stage.browser.screenshot("\(interface.name)-terminal")
            let traffic = try stage.expectAllWithinPrefix(tolerating: exceptions)
            for path in ["api/kernels/", "terminals/websocket/"] {
                traffic.expectSocket(path, within: stage.prefix, of: stage.ingress)
            }

            let short = try stage.browser.open(try entrance(stage.prefix.dropLast(), launcher))
            #expect(short.url.hasPrefix(stage.ingress.url("\(stage.prefix)\(interface.page)")))
            try stage.expectAllWithinPrefix(tolerating: exceptions)

            try stage.move(to: Stage.other)
            let moved = try stage.browser.open(try entrance(Stage.other, launcher))
            #expect(moved.url.hasPrefix(stage.ingress.url("\(Stage.other)\(interface.page)")))
            try stage.expectAllWithinPrefix(tolerating: exceptions)
            #expect(try stage.browser.open(try entrance(launcher.prefix, launcher)).status == 404)
            try stage.end()
        }
    }
}
