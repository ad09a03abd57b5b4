import CraterRunCore
import Testing

/// Flags that an app understands although they are not written as the app's documentation has them, and flags that
/// move the app away from the rule's port.
struct AbbreviatedFlagsTests {
    private static let host = HostFacts(
        hasIPv6: true, program: .executable(path: "/bin/app"), temporaryDirectory: .usable)

    private func arguments(_ app: any SimpleApp.Type, _ words: [String]) throws(Refusal) -> [String] {
        try app.init(words: words).arguments(for: IngressRule("r", 7000, "/ingress/x/"), on: Self.host)
    }

    @Test(
        arguments: [
            (VisualDL.self, ["--po", "9000"]), (VisualDL.self, ["--po=9000"]), (VisualDL.self, ["--ho", "127.0.0.1"]),
            (VisualDL.self, ["--pub=/y"]), (Bokeh.self, ["--pr", "/y"]), (Bokeh.self, ["--ad=127.0.0.1"]),
            (Panel.self, ["--pre", "/y"]), (Panel.self, ["--add=127.0.0.1"]),
        ] as [(any SimpleApp.Type, [String])])
    func contradictTheRuleToo(app: any SimpleApp.Type, flags: [String]) throws {
        let error = try #require(throws: Refusal.self) { try arguments(app, flags) }
        #expect(error.reason.contains("contradicts the rule"))
    }

    @Test(
        arguments: [
            (VisualDL.self, ["--po", "7000", "--ho=0.0.0.0", "--pu", "/ingress/x"]),
            (Bokeh.self, ["--po=7000", "--ad", "0.0.0.0", "--pr", "/ingress/x/"]),
            (Panel.self, ["--po=7000", "--add", "0.0.0.0", "--pre", "/ingress/x/"]),
        ] as [(any SimpleApp.Type, [String])])
    func areLeftOutIfTheyAgree(app: any SimpleApp.Type, flags: [String]) throws {
        #expect(try arguments(app, ["a"] + flags + ["--own"]) == arguments(app, ["a", "--own"]))
    }

    /// Panel has `--profiler` and `--admin`, too, so these are the app's to refuse.
    @Test(arguments: [["--pr", "x"], ["--ad"]])
    func areLeftToTheAppIfTheyCouldMeanAnotherFlag(_ flags: [String]) throws {
        #expect(try arguments(Panel.self, ["a.py"] + flags).suffix(flags.count) == flags[...])
    }

    @Test(
        arguments: [
            (Aim.self, ["--uds", "s.sock"]), (Aim.self, ["--ssl-keyfile", "k"]), (Aim.self, ["--ssl-certfile=c"]),
            (Bokeh.self, ["--unix-socket", "s"]), (Bokeh.self, ["--uni=s"]), (Bokeh.self, ["--ssl-certfile", "c"]),
            (Bokeh.self, ["--ssl-k=k"]), (Panel.self, ["--unix-socket=s"]),
            (Streamlit.self, ["--server.sslCertFile", "c"]), (Streamlit.self, ["--server.sslKeyFile=k"]),
            (Datasette.self, ["--uds", "s"]), (Datasette.self, ["--ssl-certfile=c"]),
        ] as [(any SimpleApp.Type, [String])])
    func flagsThatLeaveTheRulesPortAreRefused(app: any SimpleApp.Type, flags: [String]) throws {
        let error = try #require(throws: Refusal.self) { try arguments(app, ["a"] + flags) }
        let flag = flags[0].prefix { $0 != "=" }
        #expect(
            error.reason == "\(flag) cannot be used: the ingress speaks plain HTTP to port 7000; leave it out")
    }

    @Test func visualDLsAPIWithoutAPageIsRefused() throws {
        for flag in ["--a", "--api", "--api-only"] {
            let error = try #require(throws: Refusal.self) { try arguments(VisualDL.self, [flag]) }
            #expect(error.reason.contains("has no page"))
        }
    }

    @Test func aSecretBehindAnAbbreviationIsRefused() throws {
        let error = try #require(throws: Refusal.self) { try arguments(Panel.self, ["a.py", "--co", "geheim"]) }
        #expect(!error.reason.contains("geheim"))
    }
}
