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

    /// In a Python of any age: PYTHONSAFEPATH is not set here, and `timeit` and this code put the directory on the path
    /// themselves, as servers do.
    @Test func filesOfTheWorkingDirectoryHideNothingFromAPythonThatIsStartedAgain() throws {
        let host = HostFacts(
            hasIPv6: true, program: .executable(path: "/bin/aim"), temporaryDirectory: .usable,
            privateDirectory: "/run/x")
        let rule = IngressRule(name: "r", port: 7000, prefix: try PathPrefix("/ingress/x/"))
        let plan = try Aim().plan(for: ServingPlace(direct: rule), on: host, instance: "1f/x")
        guard case .file(let path, let text)? = plan.preparations.first else { throw Failure("no guard") }
        #expect(path.hasSuffix("/sitecustomize.py"))
        try withLauncher { launcher in
            try Shell.run(
                """
                cd "$1"; unset PYTHONPATH PYTHONSAFEPATH; mkdir guard image job; python=$2
                printf %s "$3" > guard/sitecustomize.py
                echo 'import sys; sys.isOfTheImage = True' > image/sitecustomize.py
                for module in colorsys wave chunk timeit runpy; do echo 'raise SystemExit(3)' > job/$module.py; done
                code='import colorsys, os, sys; assert sys.isOfTheImage
                for entry in "", ".", os.getcwd(): sys.path.insert(0, entry)
                import wave; assert sys.path[0].endswith("guard"), sys.path'
                cd job
                ! $python -c "$code" 2>/dev/null || exit 1
                PYTHONPATH=$1/guard:$1/image $python -c "$code" || exit 2
                # Gunicorn puts the path there by which the shell has come, over a link perhaps.
                linked='import colorsys, os, sys; sys.path.insert(0, os.environ["PWD"]); import wave'
                ln -s job ../link; export PWD; cd ../link
                ! $python -c "$linked" 2>/dev/null || exit 4
                PYTHONPATH=$1/guard:$1/image $python -c "$linked" || exit 5
                cd ../job
                PYTHONPATH=$1/guard:$1/image $python -m timeit -n 1 -r 1 'import colorsys, wave' || exit 3
                # Where nothing else has the name, the guard has it.
                PYTHONPATH=$1/guard $python -c 'import sitecustomize as s; assert s.here.endswith("guard")'
                """, launcher.work, Shell.python, text)
        }
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
