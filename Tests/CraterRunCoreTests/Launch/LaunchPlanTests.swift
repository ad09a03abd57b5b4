import CraterRunCore
import Testing

struct LaunchPlanTests {
    private let host = HostFacts(
        hasIPv6: true,
        program: .executable(path: "/usr/local/bin/tensorboard"),
        temporaryDirectory: .replacement(path: "/a b")
    )

    @Test func isShownAsItWillBeDone() throws {
        let plan = try TensorBoard(logDirectory: "my logs").plan(for: .manual, on: host, instance: "1f/tensorboard")
        #expect(
            plan.page.text == """
                command:      /usr/local/bin/tensorboard --port 6006 --logdir 'my logs' --bind_all \
                --path_prefix=/ingress/liuxw24-379e0
                environment:  CUDA_VISIBLE_DEVICES=''
                environment:  TMPDIR='/a b'
                environment:  CRATER_RUN_INSTANCE=1f/tensorboard
                rule:         tensorboard, port 6006, path /ingress/liuxw24-379e0/
                readiness:    http://127.0.0.1:6006/ingress/liuxw24-379e0/data/environment
                stop signal:  SIGTERM
                access URL:   /ingress/liuxw24-379e0/
                note:         no usual temporary directory can be written to: TMPDIR is /a b for tensorboard

                """
        )
    }

    @Test func showsWhatIsTakenOutAndWhatIsDoneBeforehand() throws {
        var facts = host
        facts.variables = ["JUPYTER_PORT": "tcp://10.96.0.1:8888"]
        facts.privateDirectory = "/run/my runs/1f/jupyter"
        let plan = try Jupyter().plan(for: IngressRule("lab", 8888, "/x"), on: facts, instance: "1f/jupyter")
        #expect(plan.page.text.contains("environment:  unset JUPYTER_PORT\n"))
        #expect(plan.page.text.contains("beforehand:   directory '/run/my runs/1f/jupyter/runtime'\n"))
        #expect(plan.page.text.contains("beforehand:   random token in '/run/my runs/1f/jupyter/token'\n"))
    }

    @Test func showsThePublicHostAndTheRoot() throws {
        let rule = IngressRule(name: "tb", port: 6006, prefix: .root, publicHost: "tb.example.org")
        let plan = try TensorBoard().plan(for: rule, on: host, instance: "1f/tensorboard")
        #expect(plan.page.text.contains("access URL:   https://tb.example.org/\n"))
        #expect(plan.page.text.contains("readiness:    http://127.0.0.1:6006/data/environment\n"))
        #expect(plan.page.text.contains("--path_prefix=/\n"))
    }
}

struct EnvironmentEditsTests {
    @Test func takesVariablesOut() {
        var edits = EnvironmentEdits(["A": "1", "B": "2"])
        edits.remove("B")
        edits.remove("C")
        edits.remove("C")
        #expect(edits.removals == ["B", "C"])
        #expect(applied(edits, to: ["B=x", "C=y", "C2=z", "C", "D=4"]) == ["C2=z", "C", "D=4", "A=1"])
        edits.set("C", to: "back")
        #expect(edits.removals == ["B"])
        #expect(applied(edits, to: ["C=y"]) == ["A=1", "C=back"])
    }

    @Test func mergesTheLaterOverTheEarlier() {
        var edits = EnvironmentEdits(["A": "1", "B": "2"])
        var later = EnvironmentEdits(["B": "3"])
        later.remove("A")
        edits.merge(later)
        #expect(edits.removals == ["A"])
        #expect(edits.assignments.map(\.value) == ["3"])
    }

    @Test func aChoiceOfTheUsersStaysAlsoAfterAMerge() {
        var edits = EnvironmentEdits()
        edits.remove("C")
        var later = EnvironmentEdits(["D": "own"])
        for name in ["A", "B", "C", "D"] { later.setUnlessGiven(name, to: "own") }
        later.set("D", to: "own")
        edits.merge(later)
        let user = ["A": "theirs", "B": "", "C": "removed", "D": "theirs"]
        edits.settle(
            on: HostFacts(
                hasIPv6: true, program: .executable(path: "/x"), temporaryDirectory: .usable, variables: user))
        #expect(edits.assignments.map(\.name) == ["B", "C", "D"])
    }

    private func applied(_ edits: EnvironmentEdits, to environment: [String]) -> [String] {
        edits.applied(to: environment.map { Array($0) }).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func changesNothingWithoutEdits() {
        #expect(applied(EnvironmentEdits(), to: ["A=1", "B=2", "A=3", ""]) == ["A=1", "B=2", "A=3", ""])
    }

    @Test func addsAndReplacesVariables() {
        let edits = EnvironmentEdits(["B": "new", "C": ""])
        #expect(applied(edits, to: ["A=1", "B=2", "B=3", "D=4"]) == ["A=1", "D=4", "B=new", "C="])
    }

    @Test func replacesTheWholeNameAlone() {
        let edits = EnvironmentEdits(["PATH": "x"])
        #expect(
            applied(edits, to: ["PATH", "PATH2=a", "MYPATH=b", "PATH=c", "=PATH=d", "path=e"])
                == ["PATH", "PATH2=a", "MYPATH=b", "=PATH=d", "path=e", "PATH=x"]
        )
    }

    @Test func keepsBytesThatAreNotUTF8() {
        let entry = Array("X=") + [0xFF, 0xC3, 0x28]
        #expect(EnvironmentEdits(["Y": "ü"]).applied(to: [entry]) == [entry, Array("Y=ü")])
    }

    @Test func takesTheLastOfTwoValues() {
        var edits = EnvironmentEdits(["A": "1", "B": "2", "A": "3"])
        #expect(edits.assignments.map(\.name) == ["B", "A"])
        #expect(applied(edits, to: []) == ["B=2", "A=3"])
        edits.set("B", to: "4")
        #expect(applied(edits, to: ["A=0"]) == ["A=3", "B=4"])
    }
}

struct ShellQuotingTests {
    struct Case: Sendable {
        let word: String
        let quoted: String
    }

    @Test(arguments: [
        Case(word: "plain", quoted: "plain"),
        Case(word: "--path_prefix=/ingress/liuxw24-379e0", quoted: "--path_prefix=/ingress/liuxw24-379e0"),
        Case(word: "a@%_-+=:,./Z9", quoted: "a@%_-+=:,./Z9"),
        Case(word: "", quoted: "''"),
        Case(word: "two words", quoted: "'two words'"),
        Case(word: "it's", quoted: #"'it'\''s'"#),
        Case(word: "'", quoted: #"''\'''"#),
        Case(word: "$HOME", quoted: "'$HOME'"),
        Case(word: "`id`", quoted: "'`id`'"),
        Case(word: "a\\b", quoted: "'a\\b'"),
        Case(word: "*", quoted: "'*'"),
        Case(word: "~", quoted: "'~'"),
        Case(word: "#x", quoted: "'#x'"),
        Case(word: "{a,b}", quoted: "'{a,b}'"),
        Case(word: "!x", quoted: "'!x'"),
        // A line is to stay one, and to be typed again all the same.
        Case(word: "a\nb", quoted: #"$'a\nb'"#),
        Case(word: "it's \u{1B}[1m\\\r\t0\u{202E}", quoted: #"$'it\'s \033[1m\\\r\t0\342\200\256'"#),
        Case(word: "größe", quoted: "'größe'"),
    ])
    func quotesWhatAShellWouldRead(_ case: Case) {
        #expect(ShellQuoting.quote(`case`.word) == `case`.quoted)
    }

    @Test func separatesWordsBySpaces() {
        #expect(ShellQuoting.quote(["a", "b c", ""]) == "a 'b c' ''")
        #expect(ShellQuoting.quote([String]()) == "")
    }
}

struct HostFactsTests {
    @Test func startsAProgramByItsFileOrAsAModule() {
        #expect(HostFacts.Program.executable(path: "/bin/tb").words == ["/bin/tb"])
        let module = HostFacts.Program.module("tb.main", python: "/bin/python").words
        #expect(module.prefix(2) == ["/bin/python", "-c"])
        #expect(module.last?.hasSuffix(#"runpy.run_module("tb.main",run_name="__main__",alter_sys=True)"#) == true)
        let script = HostFacts.Program.script(path: "/env/bin/tb", text: "", python: "/env/bin/python")
        #expect(script.words == ["/env/bin/python", "/env/bin/tb"])
    }
}
