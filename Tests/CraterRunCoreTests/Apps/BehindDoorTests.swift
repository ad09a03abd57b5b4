import CraterRunCore
import Testing

/// What apps are told behind the front door: a port of their own, at the loopback address.
struct BehindDoorTests {
    private let host = HostFacts(
        hasIPv6: true, program: .executable(path: "/usr/bin/app"), temporaryDirectory: .usable,
        privateDirectory: "/run/crater-run/1f/app")

    private func plan(_ app: any WebApp, strips: Bool = false, on host: HostFacts? = nil) throws -> LaunchPlan {
        let rule = IngressRule("app", 6006, "/ingress/x-379e0/")
        return try app.plan(
            for: ServingPlace(rule, behindDoorAt: .port(41_233), strips: strips), on: host ?? self.host,
            instance: "1f/app")
    }

    @Test func tensorBoard() throws {
        let plan = try plan(TensorBoard())
        #expect(
            plan.arguments == [
                "/usr/bin/app", "--port", "41233", "--logdir", "./logs", "--host", "127.0.0.1",
                "--path_prefix=/ingress/x-379e0",
            ])
        #expect(plan.readinessURL == "http://127.0.0.1:41233/ingress/x-379e0/data/environment")
        #expect(plan.page.text.contains("from there to 127.0.0.1, port 41233, path /ingress/x-379e0/"))
    }

    @Test func aStrippedAppServesAtTheRoot() throws {
        let plan = try plan(
            CustomApp(name: "app", command: ["./serve", "--port", "{port}", "{prefix/}"]), strips: true)
        #expect(plan.arguments.suffix(3) == ["--port", "41233", "/"])
        #expect(plan.environment.assignments.contains { $0.name == "CRATER_PREFIX" && $0.value.isEmpty })
        #expect(plan.readinessURL == "http://127.0.0.1:41233/")
        #expect(plan.page.text.contains("access URL:   /ingress/x-379e0/"))
    }

    @Test func flagsForAllAddressesAreLeftOut() throws {
        let plan = try plan(TensorBoard(flags: ["--bind_all", "--host=0.0.0.0", "--reload_interval", "5"]))
        #expect(!plan.arguments.contains("--bind_all") && !plan.arguments.contains("--host=0.0.0.0"))
        #expect(plan.arguments.suffix(2) == ["--reload_interval", "5"])
    }

    @Test func jupyter() throws {
        let arguments = try plan(Jupyter(interface: .lab)).arguments
        #expect(
            arguments.contains { $0.hasSuffix(".ip=127.0.0.1") } && arguments.contains { $0.hasSuffix(".port=41233") })
        #expect(arguments.contains { $0.hasSuffix(".allow_remote_access=True") })
        #expect(!arguments.contains { $0.hasSuffix(".ip=*") })
    }

    @Test(arguments: [
        Streamlit(words: []) as any SimpleApp, Marimo(words: []), MLflow(words: []), Voila(words: []),
        Bokeh(words: []), Panel(words: []), VisualDL(words: []), Aim(words: []), Datasette(words: []),
    ])
    func simpleApps(_ app: any SimpleApp) throws {
        let words = try plan(app).arguments.joined(separator: " ")
        #expect(words.contains("127.0.0.1") && words.contains("41233") && !words.contains("0.0.0.0"), "\(words)")
        #expect(!words.contains("6006"))
    }

    @Test(arguments: [Gradio(words: []) as any SimpleApp, Dash(words: [])])
    func scripts(_ app: any SimpleApp) throws {
        let variables = try plan(app).environment.assignments.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        #expect(variables.contains("127.0.0.1") && variables.contains("41233") && !variables.contains("0.0.0.0"))
    }

    @Test func aPortThatTheUserGivesIsRefusedWithItsReason() {
        #expect { try plan(TensorBoard(flags: ["--port", "6006"])) } throws: { error in
            (error as? Refusal)?.reason.contains("behind the front door") ?? false
        }
    }

    @Test func theKeyOfTheLoginIsNotTheApps() throws {
        var host = host
        host.variables = [LoginKey.variable: "secret key"]
        #expect(try plan(TensorBoard(), on: host).environment.removals.contains(LoginKey.variable))
        #expect(try !plan(TensorBoard()).environment.removals.contains(LoginKey.variable))
    }

    // MARK: Links

    private func place(key: String?) throws -> ServingPlace {
        let place = ServingPlace(IngressRule("jupyter", 8888, "/x/"), behindDoorAt: .port(41_233), strips: false)
        return place.with(key: try key.map { try LoginKey($0) })
    }

    private func server(token: String) -> RuntimeFile {
        RuntimeFile(
            name: "jpserver-7.json",
            content: Array(#"{"port": 41233, "base_url": "/x/", "token": "\#(token)", "secure": false}"#.utf8))
    }

    @Test func jupytersLinkHasBothSecrets() throws {
        let place = try place(key: "our own key")
        let told = Jupyter().readBack([server(token: "abc")], for: place, announced: nil)
        #expect(told.entries.map(\.message) == ["jupyter: open /x/?token=abc#key=our%20own%20key"])
        let again = Jupyter().readBack([server(token: "abc")], for: place, announced: told.announced)
        #expect(again.entries.isEmpty)
        let other = Jupyter().readBack(
            [server(token: "abc")], for: try self.place(key: "another key"), announced: told.announced)
        #expect(other.entries.count == 1)
    }

    @Test func withoutALoginItsLinkIsAsEver() throws {
        let told = Jupyter().readBack([server(token: "abc")], for: try place(key: nil), announced: nil)
        #expect(told.entries.map(\.message) == ["jupyter: open /x/?token=abc"])
        #expect(told.announced == "token abc")
    }
}
