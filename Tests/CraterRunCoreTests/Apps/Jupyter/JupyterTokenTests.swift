import CraterRunCore
import Testing

struct JupyterTokenTests {
    private let rule = IngressRule("jupyter", 8888, "/ingress/x/")

    private func host(_ versions: [String: String] = ["jupyter_server": "2.21.1"], token: String? = nil) -> HostFacts {
        HostFacts(
            hasIPv6: true,
            program: .executable(path: "/usr/bin/jupyter-lab"),
            temporaryDirectory: .usable,
            variables: token.map { ["JUPYTER_TOKEN": $0] } ?? [:],
            privateDirectory: "/run/crater-run/1f/jupyter",
            package: PythonPackage(directory: "/x/jupyter_core", versions: versions)
        )
    }

    // MARK: The user's own

    @Test func aTokenInTheEnvironmentGoesToAFileWhichKernelsDoNotInherit() throws {
        let plan = try Jupyter().plan(for: rule, on: host(token: "geheim"), instance: "1f/jupyter")
        let file = "/run/crater-run/1f/jupyter/own-token"
        #expect(plan.environment.removals == ["JUPYTER_TOKEN"])
        #expect(plan.environment.assignments.first { $0.name == "JUPYTER_TOKEN_FILE" }?.value == file)
        #expect(plan.preparations.last == .variable("JUPYTER_TOKEN", at: .file(path: file)))
        #expect(plan.notes == [])
        // Neither --dry-run nor anything else that is made of the plan shows it.
        #expect(plan.page.text.contains("beforehand:   the value of JUPYTER_TOKEN in \(file)\n"))
        #expect(!"\(plan)".contains("geheim"))
    }

    @Test func itGoesBeforeAFileOfTheUsers() {
        var facts = host(token: "geheim")
        facts.variables["JUPYTER_TOKEN_FILE"] = "/theirs"
        let needs = Jupyter().needs(for: rule, on: facts)
        #expect(
            needs.environment.assignments.first { $0.name == "JUPYTER_TOKEN_FILE" }?.value
                == "/run/crater-run/1f/jupyter/own-token")
    }

    @Test func anEmptyOneIsNone() {
        let needs = Jupyter().needs(for: rule, on: host(token: ""))
        #expect(needs.preparations.last == .token(at: .file(path: "/run/crater-run/1f/jupyter/token")))
    }

    /// The classic Notebook reads a file since 6.1, all others since Jupyter Server 1.6: before, the token would be lost.
    @Test(
        arguments: [
            ("from jupyterlab.labapp import main", ["jupyter_server": "1.5.1", "notebook": "6.5.7"], false),
            ("from jupyterlab.labapp import main", ["jupyter_server": "1.6.0"], true),
            ("from notebook.notebookapp import main", ["notebook": "6.0.3", "jupyter_server": "2.21.1"], false),
            ("from notebook.notebookapp import main", ["notebook": "6.1.0"], true),
            ("from notebook.app import main", ["notebook": "7.6.5", "jupyter_server": "2.21.1"], true),
            ("from notebook.app import main", ["notebook": "7.6.5"], false),
            ("", [:], false),
        ] as [(String, [String: String], Bool)])
    func itStaysWhereAFileMayNotBeRead(text: String, versions: [String: String], isRead: Bool) {
        var facts = host(versions, token: "geheim")
        facts.program = .executable(path: "/usr/bin/jupyter-x", text: text)
        let needs = Jupyter().needs(for: rule, on: facts)
        #expect((needs.environment.removals == ["JUPYTER_TOKEN"]) == isRead)
        #expect(needs.notes.contains { $0.contains("kernels and terminals inherit JUPYTER_TOKEN") } == !isRead)
        #expect(needs.preparations.count == (isRead ? 2 : 1))
    }

    /// Jupyter Server may be installed beside a classic Notebook that does not use it.
    @Test(
        arguments: [
            (.module("notebook", python: "/p"), ["notebook": "6.0.3"], false),
            (.module("notebook", python: "/p"), ["notebook": "6.1.0"], true),
            (
                .executable(path: "/x/jupyter-lab", text: "from jupyterlab.labapp import main"),
                ["jupyterlab": "2.3.2", "notebook": "6.0.3"], false
            ),
            (
                .executable(path: "/x/jupyter", text: "from jupyter_core.command import main"),
                ["notebook": "6.0.3"], false
            ),
        ] as [(HostFacts.Program, [String: String], Bool)])
    func theServerThatRunsDecides(_ program: HostFacts.Program, _ versions: [String: String], isRead: Bool) {
        var facts = host(versions.merging(["jupyter_server": "2.21.1"]) { own, _ in own }, token: "geheim")
        facts.program = program
        #expect((Jupyter().needs(for: rule, on: facts).environment.removals == ["JUPYTER_TOKEN"]) == isRead)
    }

    @Test func itStaysWhereAFileWouldChangeIt() {
        for token in ["a\r\nb", "pässword"] {
            let needs = Jupyter().needs(for: rule, on: host(token: token))
            #expect(needs.environment.removals == [])
            #expect(needs.notes.contains { $0.contains("inherit") && !$0.contains(token) })
        }
    }

    // MARK: From memory

    @Test func withoutAPrivateDirectoryATokenComesFromMemory() throws {
        var facts = host()
        facts.privateDirectory = nil
        facts.unsafePlaces = ["/tmp can be written to by everybody"]
        let plan = try Jupyter().plan(for: rule, on: facts, instance: "1f/jupyter")
        #expect(plan.preparations == [.token(at: .descriptor(3))])
        #expect(plan.environment.assignments.first?.value == "/proc/self/fd/3")
        #expect(plan.page.text.contains("beforehand:   random token in memory, at descriptor 3\n"))
        let note = try #require(plan.notes.first)
        #expect(plan.notes.count == 1 && note.contains(": /tmp can be written to by everybody. "))
        facts.variables = ["JUPYTER_TOKEN": "geheim"]
        #expect(Jupyter().needs(for: rule, on: facts).preparations == [.variable("JUPYTER_TOKEN", at: .descriptor(3))])
    }

    private func readBack(_ status: Int?, announced: String? = nil, secret: String = "5dda9c") -> ReadBack {
        Jupyter().readBack(secret: secret, trial: status, for: rule, announced: announced)
    }

    @Test func itIsToldOnceThatItIsInForce() {
        let first = readBack(200)
        #expect(first.entries.map(\.message) == ["jupyter: open /ingress/x/?token=5dda9c"])
        #expect(first.announced != nil)
        // The link is known after a restart of crater-run, too.
        #expect(readBack(200, announced: first.announced) == ReadBack(link: "/ingress/x/?token=5dda9c"))
        #expect(readBack(nil) == ReadBack())
        #expect(readBack(500) == ReadBack())
    }

    @Test func whatIsNotInForceIsNotShown() {
        let other = readBack(403)
        #expect(other.entries.count == 1 && !other.entries.contains { $0.message.contains("5dda9c") })
        #expect(other.entries.first?.message.contains("its configuration decides how to log in") == true)
    }
}
