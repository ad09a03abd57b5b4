import CraterRunCore
import Testing

struct MarimoTests {
    private let rule = IngressRule("marimo", 2718, "/ingress/x/")
    private var host: HostFacts {
        HostFacts(
            hasIPv6: true, program: .executable(path: "/usr/bin/marimo"), temporaryDirectory: .usable,
            privateDirectory: "/run/crater-run/1f/marimo")
    }

    private func plan(_ words: [String]) throws -> LaunchPlan {
        try Marimo(words: words).plan(for: ServingPlace(direct: rule), on: host, instance: "1f/marimo")
    }

    @Test(arguments: [[], ["edit"]])
    func isStartedWithATokenThatNobodySees(_ mode: [String]) throws {
        let plan = try plan(mode + ["a b.py", "--watch"])
        #expect(
            ShellQuoting.quote(plan.arguments)
                == "/usr/bin/marimo edit --headless --skip-update-check --host 0.0.0.0 --port 2718 --base-url /ingress/x "
                + "--token-password-file /run/crater-run/1f/marimo/login/token --watch 'a b.py'")
        #expect(plan.preparations == [.token(at: .file(path: "/run/crater-run/1f/marimo/login/token"))])
        #expect(plan.readinessPath == "/ingress/x/health")
    }

    @Test func runsANotebookWithItsOwnWordsLast() throws {
        let plan = try plan(["run", "a.py", "--watch", "--", "--port", "1"])
        #expect(
            ShellQuoting.quote(plan.arguments)
                == "/usr/bin/marimo run --headless --host 0.0.0.0 --port 2718 --base-url /ingress/x "
                + "--token-password-file /run/crater-run/1f/marimo/login/token --watch a.py -- --port 1")
        #expect(Marimo(words: ["run"]).misuse != nil)
        #expect(Marimo(words: ["run", "a.py"]).misuse == nil)
        #expect(Marimo().misuse == nil)
    }

    @Test(arguments: [["--no-token"], ["--token-password-file", "x"]])
    func leavesTheTokenToTheUser(_ flags: [String]) throws {
        let plan = try plan(flags)
        #expect(plan.arguments.suffix(flags.count) == flags[...])
        #expect(plan.preparations == [])
    }

    @Test func saysWhoGetsInWithoutAToken() {
        #expect(Marimo(words: ["a.py"]).withoutLogin == nil)
        #expect(Marimo(words: ["a.py", "--no-token"]).withoutLogin?.contains("can run code") == true)
        #expect(Marimo(words: ["run", "a.py", "--no-token"]).withoutLogin?.contains("can use it") == true)
    }

    @Test(arguments: [
        ["--port", "1"], ["-p", "1"], ["-p1"], ["--host=x"], ["--base-url", "/y"], ["--token-password", "geheim"],
        ["--token-password=geheim"],
    ])
    func refusesWhatContradictsTheRuleOrShowsASecret(_ flags: [String]) throws {
        let error = try #require(throws: Refusal.self) { try plan(flags) }
        #expect(!error.reason.contains("geheim"))
    }

    @Test func leavesOutWhatAgreesWithTheRule() throws {
        let flags = ["--port", "2718", "--host", "0.0.0.0", "--base-url", "/ingress/x"]
        #expect(try plan(flags + ["--watch"]).arguments == plan(["--watch"]).arguments)
    }

    @Test func saysWhyItCannotRunNothing() {
        #expect(Marimo(words: ["run"]).misuse?.hasPrefix("cannot run marimo: run needs a notebook") == true)
        #expect(Marimo(words: ["run", "a.py"]).misuse == nil)
    }

    /// Once: crater-run reads the file at each start.
    @Test func tellsTheLinkWithItsToken() {
        let place = ServingPlace(direct: rule)
        func told(_ token: String, announced: String? = nil) -> ReadBack {
            let file = RuntimeFile(name: "token", content: Array(token.utf8))
            return Marimo().readBack([file], for: place, announced: announced)
        }
        let first = told("a+b")
        #expect(first.entries.map(\.message) == ["marimo: open /ingress/x/?access_token=a%2Bb"])
        #expect(first.entries.map(\.isEssential) == [true])
        #expect(told("a+b", announced: first.announced).entries == [])
        #expect(told("c", announced: first.announced).entries.count == 1)
        #expect(told("") == ReadBack())
        #expect(Marimo().readBack([], for: place, announced: nil) == ReadBack())
        #expect(Marimo().isRuntimeFile("token") && !Marimo().isRuntimeFile("token.new"))
    }

    @Test func isServedAtTheRoot() throws {
        let backend = ServingPlace(direct: IngressRule("marimo", 2718, "/")).backend
        #expect(try !Marimo().arguments(for: backend, on: host).contains("--base-url"))
    }
}
