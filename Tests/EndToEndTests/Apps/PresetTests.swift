import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// What the apps known by name ask of who opens them. `SharedHostPageTests` has their pages.
@Suite(.serialized, .timeLimit(TestTime.limit))
struct PresetTests {
    /// Datasette's cookies are set for the whole host. The plugin that it is given sets them for its prefix.
    @Test(arguments: ["/ingress/x/", "/ingress/z.san%40corp/"])
    func datasettesCookiesAreSetForItsPrefix(prefix: String) throws {
        let rule = IngressRule(name: "r", port: 7000, prefix: try PathPrefix(prefix))
        let host = HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/datasette"), temporaryDirectory: .usable,
            privateDirectory: "/run/x")
        let plan = try Datasette().plan(for: ServingPlace(direct: rule), on: host, instance: "1f/x")
        guard case .file(_, let plugin)? = plan.preparations.first else { throw Failure("no plugin") }
        let code = """
            import asyncio, sys, types
            sys.modules["datasette"] = types.SimpleNamespace(hookimpl=lambda function: function)
            plugin, base = {}, sys.argv[2]
            exec(sys.argv[1], plugin)
            own = types.SimpleNamespace(setting=lambda name: base)
            given = ["a=1; path=/; SameSite=lax", "b=2; Path=/", "c=3; path=/own; secure", "d=path=/"]

            async def app(scope, receive, send):
                assert scope["path"] == "/data", scope
                headers = [(b"Set-Cookie", cookie.encode()) for cookie in given] + [(b"x-path", b"; path=/")]
                await send({"type": "http.response.start", "headers": headers})

            async def send(message):
                assert message["headers"][-1] == (b"x-path", b"; path=/"), message
                sent = [value.decode() for name, value in message["headers"][:-1]]
                wanted = [f"a=1; Path={base}; SameSite=lax", f"b=2; Path={base}", *given[2:]]
                assert sent == wanted, sent

            scope = {"type": "http", "raw_path": (base + "data").encode(), "path": base + "data"}
            asyncio.run(plugin["asgi_wrapper"](own)(app)(scope, None, send))
            """
        try Shell.run("$1 -c \"$2\" \"$3\" $4", Shell.python, code, plugin, prefix)
    }

    @Test(arguments: RealApp.available([.marimo]))
    func marimoRunsANotebookThatAsksForItsToken(app: RealApp) throws {
        try withLauncher { launcher in
            try launcher.use(app, rule: "marimo")
            try launcher.serve("marimo", ["run", "\(Browser.scripts)waves.py"])
            try launcher.line("marimo: ready", "at \(launcher.prefix)")
            let file = try #require(launcher.privateFiles.first { $0.hasSuffix("/marimo/login/token") })
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
