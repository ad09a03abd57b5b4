import Foundation
import Testing

/// What the kernels of real Jupyters are told, and what they can import.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct JupyterKernelTests {
    private static let code = """
        import os, sys, mine, theirs
        here = os.getcwd()
        print(os.environ.get("CRATER_PREFIX"), os.environ.get("TENSORBOARD_PROXY_URL"), mine.value, theirs.value,
              "" in sys.path or here in sys.path, os.environ.get("PYTHONPATH"))
        """

    /// Starts Jupyter with a notebook directory that has a module of the user's, and runs ``code`` in a kernel.
    ///
    /// - Parameter python: what PYTHONPATH has beside the working directory.
    private func run(_ app: RealApp, _ launcher: Launcher, python: [String] = []) throws -> String {
        try launcher.use(app, rule: "jupyter")
        let notebooks = "\(launcher.work)/notebooks"
        try FileManager.default.createDirectory(atPath: notebooks, withIntermediateDirectories: true)
        try "value = 42\n".write(toFile: "\(notebooks)/mine.py", atomically: true, encoding: .utf8)
        try "value = 43\n".write(toFile: "\(launcher.work)/theirs.py", atomically: true, encoding: .utf8)
        launcher.environment["PYTHONPATH"] = ([".", ""] + python).joined(separator: ":")
        let words = app.interface.map { ["--interface", $0] } ?? []
        try launcher.serve("jupyter", words + ["--notebook-dir", notebooks])
        let line = try launcher.line("crater-run: jupyter: open \(launcher.prefix)?token=")
        let token = try #require(line.firstMatch(of: /\?token=([a-zA-Z0-9]+)/)?.1)
        let base = "http://127.0.0.1:\(launcher.port)\(launcher.prefix)"
        return try launcher.client("jupyter_client", of: app, base, String(token), "notebook", Self.code)
    }

    @Test(arguments: RealApp.available([.lab, .notebook, .classic]))
    func knowTheirPrefixAndImportFromTheirDirectory(app: RealApp) throws {
        try withLauncher { launcher in
            let printed = try run(app, launcher)
            #expect(printed == "/ingress/liuxw24-379e0 None 42 43 True \(launcher.work)\n")
            _ = try launcher.stop()
        }
    }

    /// The distribution's metadata are enough: Jupyter itself does not load what no configuration enables.
    @Test(arguments: RealApp.available([.lab, .classic]))
    func knowWhereTensorBoardIsBehindJupytersProxy(app: RealApp) throws {
        try withLauncher { launcher in
            let packages = "\(launcher.root)/packages"
            let metadata = "\(packages)/jupyter_server_proxy-4.4.0.dist-info"
            try FileManager.default.createDirectory(atPath: metadata, withIntermediateDirectories: true)
            try "Metadata-Version: 2.1\nName: jupyter-server-proxy\nVersion: 4.4.0\n".write(
                toFile: "\(metadata)/METADATA", atomically: true, encoding: .utf8)
            let printed = try run(app, launcher, python: [packages])
            let url = "/ingress/liuxw24-379e0/proxy/%PORT%/"
            #expect(printed == "/ingress/liuxw24-379e0 \(url) 42 43 True \(launcher.work):\(packages)\n")
            _ = try launcher.stop()
        }
    }
}
