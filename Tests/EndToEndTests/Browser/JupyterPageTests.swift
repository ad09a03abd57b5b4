import Foundation
import Testing

/// Jupyter as people see it: through an ingress, in a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct JupyterPageTests {
    struct Interface: CustomTestStringConvertible {
        let app: RealApp
        /// What the browser calls it, and its pictures.
        let name: String
        let page: String

        var testDescription: String { name }

        static let lab = Interface(app: .lab, name: "jupyterlab", page: "lab")
        static let notebook = Interface(app: .notebook, name: "notebook", page: "tree")
        static let available = RealApp.available([.lab]).isEmpty ? [] : [lab, notebook]
    }

    /// Scripts of Notebook 7 fail at times where it is served at the root, too.
    private let exceptions = ["uncaught: ", "TypeError: "]

    private struct Printed: Decodable { let printed: String }
    private struct Terminal: Decodable { let lines: [String] }

    /// As the platform finds it in a pod's log.
    private func token(in text: String) throws -> String {
        String(try #require(text.firstMatch(of: /\?token=([a-zA-Z0-9]+)/)).1)
    }

    @Test(arguments: Interface.available)
    func runsCellsAndTerminalsAndFollowsItsRule(_ interface: Interface) throws {
        try withLauncher { launcher in
            try launcher.use(interface.app, rule: "notebook")
            try launcher.startUp(["--app", "jupyter --interface \(interface.page == "lab" ? "lab" : "notebook")"])
            let ingress = try Ingress(for: launcher)
            try ingress.route([(launcher.prefix, launcher.port)], for: launcher)
            try launcher.line("jupyter: open \(launcher.prefix)?token=")
            let token = try token(in: launcher.everything)
            let browser = try Browser(interface.name, at: ingress, for: launcher)

            let opened = try browser.open("\(launcher.prefix)?token=\(token)")
            #expect(opened.status == 200)
            #expect(opened.protocol == "h2")
            #expect(opened.url.hasPrefix(ingress.url("\(launcher.prefix)\(interface.page)")))
            if interface.name == "jupyterlab" { try browser.tell("decline_news") }
            let cell = ["code": "print('KERNEL', 6 * 7)", "expecting": "KERNEL 42"]
            #expect(try browser.tell("run_cell", cell, as: Printed.self).printed == "KERNEL 42\n")
            try browser.screenshot(interface.name)
            let command = ["command": "echo TERMINAL $((6 * 7))", "expecting": "TERMINAL 42"]
            let terminal = try browser.tell("type_in_terminal", command, as: Terminal.self)
            #expect(terminal.lines.contains("TERMINAL 42"))
            try browser.screenshot("\(interface.name)-terminal")
            let traffic = try browser.traffic()
            traffic.expectAll(within: launcher.prefix, of: ingress, tolerating: exceptions)
            for path in ["api/kernels/", "terminals/websocket/"] {
                traffic.expectSocket(path, within: launcher.prefix, of: ingress)
            }

            let short = try browser.open("\(launcher.prefix.dropLast())?token=\(token)")
            #expect(short.url.hasPrefix(ingress.url("\(launcher.prefix)\(interface.page)")))
            try browser.traffic().expectAll(within: launcher.prefix, of: ingress, tolerating: exceptions)

            let other = "/ingress/liuxw24-0ther/"
            launcher.podInfo.setRule("notebook", port: launcher.port, prefix: other)
            try launcher.podInfo.write()
            try ingress.route([(other, launcher.port)], for: launcher)
            try launcher.line("jupyter: ready", "at \(other)")
            let moved = try browser.open("\(other)?token=\(token)")
            #expect(moved.url.hasPrefix(ingress.url("\(other)\(interface.page)")))
            try browser.traffic().expectAll(within: other, of: ingress, tolerating: exceptions)
            #expect(try browser.open("\(launcher.prefix)?token=\(token)").status == 404)

            try browser.close()
            ingress.end()
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}
