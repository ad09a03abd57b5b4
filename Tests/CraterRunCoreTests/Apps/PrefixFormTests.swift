import CraterRunCore
import Testing

/// The form in which each app is given a prefix, and the prefixes that an app cannot serve.
struct PrefixFormTests {
    private static let host = HostFacts(
        hasIPv6: true, program: .executable(path: "/usr/bin/app"), temporaryDirectory: .usable)

    private func words(_ app: any WebApp, _ prefix: String, on host: HostFacts = host) throws(Refusal) -> [String] {
        try app.arguments(for: IngressRule("mine", 8888, prefix), on: host)
    }

    /// The prefix that the app is given, in a flag or in a variable.
    private func form(_ app: any SimpleApp, _ prefix: String, on host: HostFacts = host) throws -> String? {
        let rule = IngressRule(name: "mine", port: 8888, prefix: PathPrefix(known: prefix))
        let plan = try app.plan(for: ServingPlace(direct: rule), on: host, instance: "1f/x")
        let variables = plan.environment.assignments.filter {
            ["DASH_URL_BASE_PATHNAME", "GRADIO_ROOT_PATH"].contains($0.name)
        }
        let flags = [
            "--server.baseUrlPath", "--static-prefix", "--prefix", "--public-path", "--base-path", "--base-url",
            "base_url",
        ]
        let values = plan.arguments.firstIndex { flags.contains($0) }.map { plan.arguments.dropFirst($0 + 1).prefix(1) }
        let joined = plan.arguments.first { $0.hasPrefix("--base_url=") }?.split(separator: "=").last.map(String.init)
        return variables.first?.value ?? values?.first ?? joined
    }

    private func refusal(_ app: any WebApp, _ prefix: String, on host: HostFacts = host) -> String? {
        do throws(Refusal) {
            _ = try words(app, prefix, on: host)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        arguments: [
            ("/ingress/z.san%40corp-1a2b3/", "/ingress/z.san@corp-1a2b3"), ("/%7Ea", "/~a"), ("/a%20b", "/a b"),
            ("/a%25b", "/a%b"), ("/a%2540", "/a%40"), ("/a(b)+*$.c", "/a(b)+*$.c"), ("/%28%3F%23", "/(?#"), ("/", "/"),
        ])
    func isDecodedWhereTheAppDecodesRequests(prefix: String, decoded: String) throws {
        #expect(try words(TensorBoard(), prefix).last == "--path_prefix=\(decoded)")
        let marimo = try words(Marimo(words: ["--no-token"]), prefix)
        #expect(marimo.contains(decoded) == (prefix != "/"))
    }

    private static let decoding: [any SimpleApp.Type] = [
        Streamlit.self, Gradio.self, MLflow.self, VisualDL.self, Aim.self, Dash.self,
    ]

    @Test(
        arguments: decoding,
        [
            ("/ingress/z.san%40corp-1a2b3/", "/ingress/z.san@corp-1a2b3"), ("/%7Ea", "/~a"),
            ("/a%c3%a9%E5%BC%A0", "/a\u{E9}\u{5F20}"), ("/a(b)+*$.c", "/a(b)+*$.c"),
        ])
    func isDecodedForPresetsThatDecodeRequests(app: any SimpleApp.Type, forms: (prefix: String, decoded: String)) throws
    {
        let form = try form(app.init(words: []), forms.prefix)
        #expect(form == (ObjectIdentifier(app) == ObjectIdentifier(Dash.self) ? "\(forms.decoded)/" : forms.decoded))
    }

    @Test(
        arguments: [Voila.self, Bokeh.self, Panel.self, Datasette.self] as [any SimpleApp.Type],
        ["/ingress/z.san%40corp-1a2b3", "/%7Ea", "/a%c3%a9%E5%BC%A0", "/a%20b", "/%28a%29", "/a.b"])
    func isTheRequestsOwnForPresetsThatDoNotDecode(app: any SimpleApp.Type, prefix: String) throws {
        let slash = [ObjectIdentifier(Voila.self), ObjectIdentifier(Datasette.self)].contains(ObjectIdentifier(app))
        #expect(try form(app.init(words: []), prefix) == (slash ? "\(prefix)/" : prefix))
    }

    /// Characters that the app would take for something else, or write into its pages as they are.
    @Test(
        arguments: [
            (Dash.self, ["/a%25b", "/a%3Fb", "/a%23b", "/%3Cb%3E", "/a%22b", "/a%FF"]),
            (VisualDL.self, ["/a%25b", "/a%3Fb", "/a%23b", "/%3Cb%3E", "/a%22b", "/a%20b", "/a%27b", "/a%FF"]),
            (MLflow.self, ["/%3Cb%3E", "/%7Bb%7D"]), (Aim.self, ["/a%25b", "/a%3Fb", "/%7Bb%7D", "/a%FF"]),
            (Streamlit.self, ["/%7Bb%7D"]), (Gradio.self, ["/a%25b", "/a%FF"]),
            (Bokeh.self, ["/a(b)", "/a+b", "/a*b", "/a$b"]), (Panel.self, ["/a(b)", "/a+b", "/a*b", "/a$b"]),
            (Voila.self, ["/a(b)", "/a+b", "/a*b", "/a$b", "/a;b"]),
        ] as [(any SimpleApp.Type, [String])])
    func isRefusedForPresetsThatCannotServeIt(app: any SimpleApp.Type, prefixes: [String]) throws {
        for prefix in prefixes {
            let reason = try #require(refusal(app.init(words: []), prefix))
            #expect(reason.hasPrefix("\(app.identity.name) cannot be served below \(prefix)/: it "))
            #expect(reason.hasSuffix("The rule mine needs a prefix without them"))
        }
    }

    /// An accent after an escaped character makes no other character of it for the app.
    @Test(
        arguments: [
            (Dash.self, "<"), (MLflow.self, "{"), (Streamlit.self, "{"), (Aim.self, "?"), (Gradio.self, "%"),
            (VisualDL.self, " "),
        ] as [(any SimpleApp.Type, String)])
    func isRefusedWithAnAccentToo(app: any SimpleApp.Type, character: String) throws {
        let escaped = PercentEncoding.encode(character) + "%CC%81"
        let reason = try #require(refusal(app.init(words: []), "/a\(escaped)b"))
        #expect(reason.contains(": \(character == " " ? "a space" : character). The rule mine needs"), "\(reason)")
    }

    private static func host(files: [String] = [], versions: [String: String] = [:], variables: [String: String] = [:])
        -> HostFacts
    {
        HostFacts(
            hasIPv6: true, program: .executable(path: "/usr/bin/app"), temporaryDirectory: .usable,
            variables: variables,
            package: PythonPackage(directory: "/lib/app", missingFiles: files, versions: versions))
    }

    /// Streamlit before 1.57 is served by Tornado, as its files tell.
    @Test func isARegularExpressionForStreamlitsWithTornado() throws {
        let tornado = PrefixFormTests.host()
        #expect(try form(Streamlit(), "/z%40a(b)+*$.c", on: tornado) == #"/z%40a\(b\)\+\*\$.c"#)
        let starlette = PrefixFormTests.host(files: ["web/server/browser_websocket_handler.py"])
        #expect(try form(Streamlit(), "/z%40a(b)", on: starlette) == "/z@a(b)")
        let chosen = PrefixFormTests.host(variables: ["STREAMLIT_SERVER_USE_STARLETTE": "true"])
        #expect(try form(Streamlit(), "/z%40a(b)", on: chosen) == "/z@a(b)")
        let words = ["a.py", "--server.useStarlette", "true"]
        #expect(try form(Streamlit(words: words), "/z%40a(b)", on: tornado) == "/z@a(b)")
    }

    @Test func isARegularExpressionForGradiosWithAnOldStarlette() {
        let prefixes = ["/a(b)", "/a+b", "/%28a%29"]
        for prefix in prefixes {
            #expect(refusal(Gradio(), prefix, on: PrefixFormTests.host(versions: ["starlette": "0.38.6"])) != nil)
            #expect(refusal(Gradio(), prefix, on: PrefixFormTests.host(versions: ["starlette": "0.40.0"])) == nil)
        }
    }

    @Test(arguments: ["/a%c3%a9", "/%E5%BC%A0", "/a%FF"])
    func isRefusedForTensorBoardWithLettersBeyondASCII(_ prefix: String) throws {
        let reason = try #require(refusal(TensorBoard(), prefix))
        #expect(
            reason.hasPrefix("tensorboard cannot be served below \(prefix)/: it reads letters beyond ASCII wrongly"))
    }

    @Test(arguments: ["/a%20b", "/a%c3%a9", "/a%25b", "/a;b", "/a=b", "/a%3Fb"])
    func isRefusedForMarimoWhereNobodyCouldLogIn(_ prefix: String) throws {
        let reason = try #require(refusal(Marimo(), prefix))
        #expect(reason.hasPrefix("marimo cannot be served below \(prefix)/: it cannot log anybody in"))
        #expect(refusal(Marimo(words: ["--no-token"]), prefix) == nil)
    }

    @Test(arguments: [
        "/ingress/z.san%40corp-1a2b3", "/%7Ea", "/a%20b", "/a%c3%a9", "/a%FF", "/a%28b%29", "/a.b@~!&,=:",
    ])
    func isTheRequestsOwnForTornado(_ prefix: String) throws {
        #expect(try words(Jupyter(), prefix).first == "--ServerApp.base_url=\(prefix)/")
        #expect(try words(Visdom(), prefix).contains(prefix))
    }

    @Test(arguments: ["/a(b)", "/a+b", "/a*b", "/a$b", "/x/(", "/)"])
    func isRefusedWhereItIsARegularExpression(_ prefix: String) throws {
        for app in [Jupyter(), Visdom()] as [any WebApp] {
            let reason = try #require(refusal(app, prefix))
            #expect(
                reason.hasPrefix("\(app.identity.name) cannot be served below \(prefix)/: it takes these for signs"))
            #expect(reason.hasSuffix("The rule mine needs a prefix without them"))
        }
        #expect(refusal(TensorBoard(), prefix) == nil)
        #expect(refusal(Marimo(), prefix) == nil)
    }

    @Test func isRefusedWhereACookieCannotHaveIt() {
        #expect(
            refusal(Jupyter(), "/a;b")
                == "jupyter cannot be served below /a;b/: it cannot write such a path in its cookies: ;. The rule mine needs "
                + "a prefix without them")
        for app in [TensorBoard(), Visdom()] as [any WebApp] { #expect(refusal(app, "/a;b") == nil) }
    }

    /// The user's own flag of the same prefix, in any form, is left out: it would come last, and win.
    @Test(arguments: ["/a%40b", "/a@b", "/a@b/", "/a%40b/", "a@b", "a%40b/"])
    func isTakenInAnyFormFromTheUser(_ typed: String) throws {
        for flags in [["--path_prefix=\(typed)"], ["--pa", typed]] {
            let app = TensorBoard(flags: flags + ["--reload_interval=5"])
            let given = try words(app, "/a%40b")
            #expect(given.suffix(2) == ["--path_prefix=/a@b", "--reload_interval=5"])
        }
        let jupyter = try words(Jupyter(flags: ["--ServerApp.base_url=\(typed)"]), "/a%40b")
        #expect(jupyter.filter { $0.contains("base_url") }.count == 2)
        let presets: [(any SimpleApp, any SimpleApp)] = [
            (Streamlit(words: ["a.py", "--server.baseUrlPath", typed, "--x"]), Streamlit(words: ["a.py", "--x"])),
            (MLflow(words: ["--static-prefix=\(typed)", "--x"]), MLflow(words: ["--x"])),
            (Marimo(words: ["--base-url", typed, "--x"]), Marimo(words: ["--x"])),
            (Voila(words: ["--Voila.base_url=\(typed)", "--x"]), Voila(words: ["--x"])),
            (Bokeh(words: ["a.py", "--pre", typed, "--x"]), Bokeh(words: ["a.py", "--x"])),
            (VisualDL(words: ["--pu", typed, "--x"]), VisualDL(words: ["--x"])),
            (Aim(words: ["--base-path", typed, "--x"]), Aim(words: ["--x"])),
            (Datasette(words: ["--setting", "base_url", typed, "--x"]), Datasette(words: ["--x"])),
        ]
        for (app, plain) in presets { #expect(try words(app, "/a%40b") == words(plain, "/a%40b")) }
    }

    @Test func isThereForACustomAppWithAndWithoutEscapes() throws {
        let app = CustomApp(name: "mine", command: ["app", "{prefix}", "{prefix/}", "{prefix:decoded}"])
        #expect(try words(app, "/a%40b") == ["/a%40b", "/a%40b/", "/a@b"])
        #expect(try words(app, "/") == ["", "/", ""])
    }
}
