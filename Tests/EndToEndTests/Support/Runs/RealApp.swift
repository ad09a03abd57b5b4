import CraterRunCore
import CraterRunLinux
import Foundation
import Testing

/// A real app from PyPI, by the variable in which `make test` names its `bin` directory.
struct RealApp: CustomTestStringConvertible, Sendable {
    let variable: String
    let testDescription: String

    static let lab = RealApp(variable: "CRATER_RUN_TEST_JUPYTER", testDescription: "JupyterLab with ipykernel 7")
    static let notebook = RealApp(
        variable: "CRATER_RUN_TEST_JUPYTER", testDescription: "Notebook 7", interface: "notebook")
    static let classic = RealApp(
        variable: "CRATER_RUN_TEST_JUPYTER_CLASSIC", testDescription: "Notebook 6 with ipykernel 6")
    static let visdom = RealApp(variable: "CRATER_RUN_TEST_VISDOM", testDescription: "Visdom 0.2.4")
    /// It needs Python 3.12, which is not everywhere: tested where it is, also on CI.
    static let newestVisdom = RealApp(
        variable: "CRATER_RUN_TEST_VISDOM_NEWEST", testDescription: "Visdom 0.3", isOptional: true)
    static let tensorBoard = RealApp(variable: "CRATER_RUN_TEST_TENSORBOARD", testDescription: "TensorBoard")
    static let oldTensorBoard = RealApp(
        variable: "CRATER_RUN_TEST_TENSORBOARD_OLD", testDescription: "TensorBoard 2.10")
    static let marimo = RealApp(variable: "CRATER_RUN_TEST_MARIMO", testDescription: "marimo")
    /// Those of ``Preset/all``, in one environment.
    static let presets = RealApp(variable: "CRATER_RUN_TEST_APPS", testDescription: "the apps known by name")

    /// It cannot be served below a path, only where the front door takes the path off.
    static let oldGradio = RealApp(variable: "CRATER_RUN_TEST_GRADIO_OLD", testDescription: "Gradio 3.50")
    static let ray = RealApp(variable: "CRATER_RUN_TEST_RAY", testDescription: "Ray")

    /// `--interface`, if it is to be chosen.
    let interface: String?
    private let isOptional: Bool

    private init(variable: String, testDescription: String, interface: String? = nil, isOptional: Bool = false) {
        self.variable = variable
        self.testDescription = testDescription
        self.interface = interface
        self.isOptional = isOptional
    }

    var bin: String? { ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 } }

    /// The word after `crater-run`; empty for ``presets``, which are several.
    var command: String {
        [
            "TENSORBOARD": "tensorboard", "JUPYTER": "jupyter", "VISDOM": "visdom", "MARIMO": "marimo",
            "GRADIO": "gradio", "RAY": "ray",
        ]
        .first { variable.contains($0.key) }?.value ?? ""
    }

    /// Those that are here; on CI all are tried that have to be, so that none is left out unseen.
    static func available(_ apps: [RealApp]) -> [RealApp] {
        apps.filter { $0.bin != nil || Mode.isOnCI && !$0.isOptional }
    }

    /// The real apps that are missing and have to be there.
    static var missing: [String] {
        [lab, classic, visdom, marimo, presets, oldGradio, ray].filter { $0.bin == nil }.map(\.variable)
    }
}

@Suite struct RealAppTests {
    @Test(
        .enabled(
            if: RealApp.missing.isEmpty || Mode.isOnCI,
            "not all real apps are tested here: make test makes them and sets CRATER_RUN_TEST_…"
        )
    )
    func areThere() {
        #expect(RealApp.missing == [])
    }

    @Test(
        .enabled(
            if: RealApp.newestVisdom.bin != nil,
            "the newest Visdom is not tested here: it needs Python 3.12, which make test looks for"
        )
    )
    func newestVisdomIsThere() {
        #expect(RealApp.newestVisdom.bin != nil)
    }
}

extension Launcher {
    /// Puts a real app on PATH, and a rule of this name at the launcher's port in place of those that are there.
    func use(_ app: RealApp, rule: String) throws {
        guard let bin = app.bin else { throw Failure("\(app.variable) is not set") }
        environment["PATH"] = "\(bin):/usr/bin:/bin"
        environment["CRATER_RUN_DIR"] = "\(root)/run"
        for name in ["tensorboard", "notebook", "lars"] { podInfo.removeRule(name) }
        podInfo.setRule(rule, port: port, prefix: prefix)
    }

    /// Starts `crater-run COMMAND --annotations …` with these words.
    func serve(_ command: String, _ words: [String] = []) throws {
        try podInfo.write()
        try startCommand([command, "--annotations", podInfo.path] + words)
    }

    /// Runs one of Clients with this app's Python, and gives what it printed.
    @discardableResult
    func client(_ name: String, of app: RealApp, _ words: String...) throws -> String {
        try client(name, in: app.bin ?? "", words)
    }

    /// Runs one of Clients with the Python of this `bin` directory.
    @discardableResult
    func client(_ name: String, in bin: String, _ words: [String]) throws -> String {
        let output = try LineStream()
        let errors = try LineStream()
        let script = "\(Launcher.clients)\(name).py"
        let process = try SpawnedProcess(
            ["\(bin)/python", "-B", script] + words,
            environment: [Array("HOME=\(root)/home".utf8), Array("PATH=/usr/bin:/bin".utf8)],
            streams: [.null, output.target, errors.target]
        )
        defer { if !process.hasEnded { process.send(SIGKILL) } }
        output.closeWriteEnd()
        errors.closeWriteEnd()
        let ending = try process.waitForEnd(within: .seconds(120))
        output.drain()
        errors.drain()
        guard ending == .exited(0) else { throw Failure("\(name): \(ending)\n\(errors.text)\n\(log)") }
        return output.text
    }

    static let clients = Bundle.module.resourcePath.map { "\($0)/Clients/" } ?? ""

    /// Everything that crater-run wrote so far.
    var everything: String {
        output.drain()
        errors.drain()
        return errors.text + output.text
    }

    /// The command lines of everything of this run that lives, by pid.
    func commandLines() -> [Int32: String] {
        Dictionary(
            living().map { row in
                let bytes = (try? SmallFile.read("/proc/\(row.identity.pid)/cmdline")) ?? []
                return (row.identity.pid, String(decoding: bytes.map { $0 == 0 ? 32 : $0 }, as: UTF8.self))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The files that crater-run has in its private directory. The keys of logins are beside it, and stay.
    var privateFiles: [String] {
        (FileManager.default.enumerator(atPath: "\(root)/run")?.allObjects as? [String] ?? [])
            .filter { !$0.hasPrefix(".logins") }.sorted()
    }
}
