import CraterRunCore
import Testing

struct CustomAppTests {
    private let rule = IngressRule("demo", 7000, "/ingress/x/")
    private let host = HostFacts(
        hasIPv6: true, program: .executable(path: "/usr/bin/serve"), temporaryDirectory: .usable)

    private func words(_ command: [String], for rule: IngressRule? = nil) throws -> [String] {
        try CustomApp(name: "demo", command: ["serve"] + command).arguments(for: rule ?? self.rule, on: host)
    }

    struct Case: Sendable {
        let word: String
        let result: String
        var root: String?
    }

    @Test(arguments: [
        Case(word: "{port}", result: "7000"),
        Case(word: "--port={port}", result: "--port=7000"),
        Case(word: "{prefix}", result: "/ingress/x", root: ""),
        Case(word: "{prefix/}", result: "/ingress/x/", root: "/"),
        Case(word: "http://h:{port}{prefix}/a", result: "http://h:7000/ingress/x/a", root: "http://h:7000/a"),
        Case(word: "{name}{name}", result: "demodemo"),
        Case(word: "{other}", result: "{other}"),
        Case(word: #"{"port": {port}}"#, result: #"{"port": 7000}"#),
        Case(word: "{{port}}", result: "{7000}"),
        Case(word: "{port", result: "{port"),
        Case(word: "", result: ""),
        Case(word: "$PORT `x` *", result: "$PORT `x` *"),
    ])
    func replacesPlaceholders(_ case: Case) throws {
        #expect(try words([`case`.word]) == [`case`.result])
        if let root = `case`.root { #expect(try words([`case`.word], for: IngressRule("demo", 7000, "/")) == [root]) }
    }

    @Test func looksAtNothingTwice() throws {
        #expect(try words(["{prefix}"], for: IngressRule("demo", 7000, "/a$b")) == ["/a$b"])
        #expect(try words(["{name}"], for: IngressRule(name: "{port}", port: 1, prefix: .root)) == ["{port}"])
    }

    @Test func hasPortAndPrefixInItsEnvironment() throws {
        let plan = try CustomApp(name: "demo", command: ["serve", "a"]).plan(for: rule, on: host, instance: "1f/demo")
        #expect(plan.arguments == ["/usr/bin/serve", "a"])
        #expect(
            plan.environment
                == EnvironmentEdits([
                    "CRATER_PORT": "7000", "CRATER_PREFIX": "/ingress/x", "CRATER_RUN_INSTANCE": "1f/demo",
                ]))
        #expect(plan.readinessPath == "/ingress/x/")
        #expect(plan.stopSignal == .terminate)
    }

    @Test func isReadyWhereItIsTold() throws {
        let app = CustomApp(name: "demo", command: ["serve"], readyPath: "/health", stopSignal: .interrupt)
        let plan = try app.plan(for: rule, on: host, instance: "1f/demo")
        #expect(plan.readinessPath == "/ingress/x/health")
        #expect(plan.stopSignal == .interrupt)
        for status in [200, 302, 401, 403] { #expect(app.readiness.accepts(status)) }
        for status in [400, 404, 405, 500, 503] { #expect(!app.readiness.accepts(status)) }
    }

    @Test func isServedByItsOwnRuleAlone() {
        let app = CustomApp(name: "demo", command: ["serve"]).identity
        #expect(app.defaultPort == nil)
        #expect(RuleSelection.choose(for: app, in: IngressRules([rule])) == .found(rule))
        #expect(RuleSelection.choose(for: app, in: IngressRules([.manual])) == .none)
    }

    @Test func isFoundAsAShellFindsIt() {
        let app = CustomApp(name: "demo", command: ["./serve"])
        #expect(app.executables == ["./serve"])
        #expect(!app.programSearch.looksBeyondPath)
    }
}
