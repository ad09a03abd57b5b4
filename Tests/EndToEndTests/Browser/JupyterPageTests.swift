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
        var exceptions: [String] = []

        var testDescription: String { name }

        static let lab = Interface(name: "jupyterlab", option: "lab", page: "lab")
        /// Scripts of its own fail at each visit, wherever it is served, and its pages do not show it.
        static let notebook = Interface(
            name: "notebook", option: "notebook", page: "tree",
            exceptions: [
                "Cannot read properties of undefined (reading 'schema')",
                "Cannot read properties of undefined (reading 'options')", "uncaught: Disposed",
            ])
        static let available = RealApp.available([.lab]).isEmpty ? [] : [lab, notebook]
    }

    private struct Printed: Decodable { let printed: String }
    private struct Terminal: Decodable { let lines: [String] }

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
            try Stage.with(
                launcher, interface.name, rule: "notebook", serving: line
            ) { stage in
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
                let traffic = try stage.expectAllWithinPrefix(tolerating: interface.exceptions)
                for path in ["api/kernels/", "terminals/websocket/"] {
                    traffic.expectSocket(path, within: stage.prefix, of: stage.ingress)
                }

                let short = try stage.browser.open(try entrance(stage.prefix.dropLast(), launcher))
                #expect(short.url.hasPrefix(stage.ingress.url("\(stage.prefix)\(interface.page)")))
                try stage.expectAllWithinPrefix(tolerating: interface.exceptions)

                try stage.move(to: Stage.other)
                let moved = try stage.browser.open(try entrance(Stage.other, launcher))
                #expect(moved.url.hasPrefix(stage.ingress.url("\(Stage.other)\(interface.page)")))
                try stage.expectAllWithinPrefix(tolerating: interface.exceptions)
                #expect(try stage.browser.open(try entrance(launcher.prefix, launcher)).status == 404)
            }
        }
    }
}
