import CraterRunCore
import Testing

/// The user's own flags, and the app's subcommands.
extension PresetTests {
    private static let contradictions: [(any SimpleApp.Type, [[String]])] = [
        (
            Streamlit.self,
            [
                ["--server.port", "1"], ["--server.address=127.0.0.1"], ["--server.baseUrlPath", "y"],
                ["--server.cookieSecret", "geheim"],
            ]
        ),
        (
            MLflow.self,
            [
                ["--port", "1"], ["-p", "1"], ["-p1"], ["-h", "127.0.0.1"], ["--host=127.0.0.1"],
                ["--static-prefix=/y"], ["postgresql://u:geheim@db/x"],
                ["--registry-store-uri", "mysql+pymysql://u:geheim@db"],
                ["--backend-store-uri=postgresql://u:geheim@db/x"], ["postgresql://u:p/geheim@db/x"],
                ["postgresql://u:1/geheim@db/x"], ["postgresql://:geheim@db/x"],
                ["postgresql://db/x?user=u&password=geheim"], ["mysql://db/x?sslPassword=geheim"],
            ]
        ),
        (
            Voila.self,
            [
                ["--port=1"], ["--Voila.port=1"], ["--ip=x"], ["--Voila.ip=127.0.0.1"], ["--base_url=/y"],
                ["--Voila.root_url=/y"], ["--token=geheim"], ["--Voila.cookie_secret=geheim"],
            ]
        ),
        (
            Bokeh.self,
            [
                ["--port", "1"], ["--por=1"], ["--addr", "x"], ["--prefix", "/y"], ["--cookie-secret", "geheim"],
                ["--co", "geheim"], ["--cook=geheim"],
            ]
        ),
        (
            Panel.self,
            [
                ["--port", "1"], ["--address=x"], ["--pref=/y"], ["--basic-auth", "geheim"], ["--oauth-secret=geheim"],
                ["--oauth-encryption-key", "geheim"], ["--cookie-secret=geheim"],
            ]
        ),
        (
            VisualDL.self,
            [["--port", "1"], ["-p", "1"], ["-t", "x"], ["--host=x"], ["--public-path", "/y"], ["--api-only"]]
        ),
        (Aim.self, [["--port", "1"], ["-p1"], ["-h", "x"], ["--base-path=/y"]]),
        (
            Datasette.self,
            [["--port", "1"], ["-p", "1"], ["-h", "x"], ["--setting", "base_url", "/y/"], ["--secret", "geheim"]]
        ),
    ]

    @Test(arguments: contradictions.flatMap { app, all in all.map { (app, $0) } })
    func refusesWhatContradictsTheRuleOrShowsASecret(app: any SimpleApp.Type, flags: [String]) throws {
        let error = try #require(throws: Refusal.self) { try Self.plan(app.init(words: flags)) }
        #expect(!error.reason.contains("geheim"))
        #expect(error.reason.contains("leave it out"))
    }

    /// crater-run gives these flags itself, in the form that the app takes: the user's would come last, and win.
    @Test(
        arguments: [
            (MLflow.self, ["--port", "7000", "--host", "0.0.0.0", "--static-prefix", "/ingress/x/"]),
            (MLflow.self, ["-p7000", "-h", "0.0.0.0"]), (Marimo.self, ["-p", "7000", "--base-url", "ingress/x"]),
            (
                Streamlit.self,
                ["--server.port=7000", "--server.address", "0.0.0.0", "--server.baseUrlPath", "ingress/x/"]
            ),
            (Voila.self, ["--port=7000", "--Voila.ip=0.0.0.0", "--base_url=/ingress/x"]),
            (Bokeh.self, ["--po", "7000", "--address=0.0.0.0", "--prefix", "ingress/x"]),
            (Panel.self, ["--port=7000", "--pre=/ingress/x/"]), (VisualDL.self, ["-p", "7000", "-t", "0.0.0.0"]),
            (Aim.self, ["-p7000", "--base-path=/ingress/x/"]),
            (Datasette.self, ["-p", "7000", "--setting", "base_url", "/ingress/x"]),
        ] as [(any SimpleApp.Type, [String])])
    func leavesOutWhatAgreesWithTheRule(app: any SimpleApp.Type, flags: [String]) throws {
        let given = try Self.plan(app.init(words: flags + ["--own", "1"]))
        #expect(given.arguments == (try Self.plan(app.init(words: ["--own", "1"])).arguments))
    }

    /// The words of a script are not the app's, whatever they are.
    @Test(
        arguments: [
            (Streamlit.self, ["a.py", "--", "--server.port", "1"]), (Bokeh.self, ["a.py", "--args", "--port", "1"]),
            (Marimo.self, ["a.py", "--", "--port", "7000"]), (Gradio.self, ["a.py", "--port", "1"]),
        ] as [(any SimpleApp.Type, [String])])
    func leavesTheWordsOfAScriptAlone(app: any SimpleApp.Type, words: [String]) throws {
        #expect(try Self.plan(app.init(words: words)).arguments.suffix(words.count - 1) == words.dropFirst()[...])
    }

    /// As people copy it from the app's own command line.
    @Test(
        arguments: [
            (MLflow.self, "ui", []), (MLflow.self, "server", ["sqlite:///a.db", "--workers", "1"]),
            (Streamlit.self, "run", ["app.py"]), (Bokeh.self, "serve", ["a.py"]),
            (Panel.self, "serve", ["a.py", "b.py"]),
            (Datasette.self, "serve", ["a.db"]), (Aim.self, "up", []),
        ] as [(any SimpleApp.Type, String, [String])])
    func understandsTheAppsOwnSubcommand(app: any SimpleApp.Type, subcommand: String, words: [String]) throws {
        let given = app.init(words: [subcommand] + words)
        #expect(try Self.plan(given).arguments == Self.plan(app.init(words: words)).arguments)
        #expect(given.dataDirectory == app.init(words: words).dataDirectory)
    }
}
