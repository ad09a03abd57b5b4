import CraterRunCore
import Testing

struct FamiliarFlagsTests {
    private let table = OptionTable(
        [Setting.logDirectory.declaration, Setting.environmentPath.declaration] + SettingDeclaration.serving,
        operands: .atMost(1), takesPassedOn: true)

    private func sorted(_ line: String, _ flags: FamiliarFlags) -> String {
        table.sorted(line.split(separator: " ").map(String.init), moving: flags).joined(separator: " ")
    }

    @Test(arguments: [
        (
            "--port 6006 --logdir ./logs --bind_all --path_prefix=/x",
            "--port 6006 --logdir ./logs -- --bind_all --path_prefix=/x"
        ),
        ("--host 0.0.0.0 --logdir a", "--logdir a -- --host 0.0.0.0"),
        ("--host --logdir a", "--logdir a -- --host"),
        ("--bind_all -- --reload_interval 5", "-- --bind_all --reload_interval 5"),
        ("--bind_all --", "-- --bind_all"),
        // What is an option's value is no flag.
        ("--logdir --host --dry-run", "--logdir --host --dry-run"),
        // What nobody knows stays for the parser to refuse.
        ("--no-such 1 --host=x", "--no-such 1 -- --host=x"),
        ("--logdir a", "--logdir a"), ("--logdir a -- --host b", "--logdir a -- --host b"), ("", ""), ("--", "--"),
    ])
    func tensorBoardsFlagsGoBehindTheDashes(line: String, expected: String) {
        #expect(sorted(line, .tensorBoard) == expected)
    }

    @Test(arguments: [
        ("lab --ip 0.0.0.0 --no-browser --allow-root", "lab -- --ip 0.0.0.0 --no-browser --allow-root"),
        ("--no-browser lab", "lab -- --no-browser"),
        ("--ServerApp.token= --NotebookApp.base_url /x lab", "lab -- --ServerApp.token= --NotebookApp.base_url /x"),
        ("--base_url=/x --dry-run", "--dry-run -- --base_url=/x"),
    ])
    func jupytersFlagsGoBehindTheDashes(line: String, expected: String) {
        #expect(sorted(line, .jupyter) == expected)
    }

    @Test(arguments: [
        ("-port 8097 -base_url /x -env_path /data", "--port 8097 --env-path /data -- -base_url /x"),
        ("-port=8097 --hostname 0.0.0.0", "--port=8097 -- --hostname 0.0.0.0"),
    ])
    func visdomsNamesAreUnderstood(line: String, expected: String) {
        #expect(sorted(line, .visdom) == expected)
    }

    @Test(
        arguments: [
            ("app.py --server.port 8600", "app.py --port 8600", Streamlit.self),
            ("app.py --server.port=8600", "app.py --port=8600", Streamlit.self),
            ("--Voila.port=8600", "--port=8600", Voila.self),
            ("-p8600 --host=0.0.0.0", "--port=8600 -- --host=0.0.0.0", MLflow.self),
            ("-p 2718 book.py --host 0.0.0.0", "--port 2718 book.py -- --host 0.0.0.0", Marimo.self),
            ("start --head --dashboard-port=8265", "start --port=8265 -- --head", Ray.self),
            ("-px app.py", "-px app.py", Aim.self), ("app.py -- -p8600", "app.py -- -p8600", Aim.self),
        ] as [(String, String, any SimpleApp.Type)])
    func anotherAppsPortChoosesTheRule(line: String, expected: String, app: any SimpleApp.Type) {
        #expect(sorted(line, app.familiarFlags) == expected)
    }

    /// The flags for the place, and a switch, of the apps that have them.
    private static let own: [(app: any SimpleApp.Type, flags: [String], alone: [String])] = [
        (Marimo.self, ["--host", "--base-url"], ["--headless"]),
        (Streamlit.self, ["--server.address", "--server.baseUrlPath"], []),
        (Gradio.self, [], []), (Dash.self, [], []),
        (MLflow.self, ["--host", "--static-prefix"], []),
        (Voila.self, ["--ip", "--base_url", "--server_url"], ["--no-browser"]),
        (Bokeh.self, ["--address"], []), (Panel.self, ["--address"], []),
        (VisualDL.self, ["--host", "-t", "--public-path"], []),
        (Aim.self, ["--host", "--base-path"], []), (Datasette.self, ["--host"], []),
        (Netron.self, ["--host"], []), (HiPlot.self, ["--host"], []),
        (Ray.self, ["--dashboard-host"], ["--head", "--block"]),
        (Dask.self, ["--dashboard-address", "--dashboard-prefix"], []),
        (CodeServer.self, ["--bind-addr", "--host", "--auth"], []),
    ]

    @Test(arguments: own) func anAppsOwnFlagsAreMoved(app: any SimpleApp.Type, flags: [String], alone: [String]) {
        for flag in flags {
            #expect(sorted("a \(flag) x", app.familiarFlags) == "a -- \(flag) x")
            #expect(sorted("a \(flag)=x b", app.familiarFlags) == "a b -- \(flag)=x")
        }
        for flag in alone { #expect(sorted("\(flag) a", app.familiarFlags) == "a -- \(flag)") }
    }

    /// The parser refuses these, and says where an app's flags go. The app itself would end again and again.
    @Test(arguments: own) func otherAppsFlagsAreLeftToTheParser(
        app: any SimpleApp.Type, flags: [String], alone: [String]
    ) {
        for flag in Self.own.flatMap({ $0.flags + $0.alone }) + ["--base-url", "-h"]
        where !(flags + alone).contains(flag) && !flag.contains(".") {
            #expect(sorted("\(flag) a", app.familiarFlags) == "\(flag) a")
        }
    }

    @Test func everyAppIsTried() {
        #expect(Self.own.count == SimpleApps.all.count)
    }

    /// The flag may be the script's own, and another meaning: it chooses no rule, and goes to nobody who may not know it.
    @Test(
        arguments: [
            Gradio.self, Dash.self, Streamlit.self, Voila.self, Bokeh.self, Panel.self,
        ] as [any SimpleApp.Type], ["-p 3 app.py", "-p3 app.py", "app.py --host 0.0.0.0"])
    func aFlagThatTheAppDoesNotHaveIsLeftToTheParser(app: any SimpleApp.Type, line: String) {
        #expect(sorted(line, app.familiarFlags) == line)
    }

    @Test(
        arguments: [
            Marimo.self, MLflow.self, Aim.self, VisualDL.self, Datasette.self,
        ] as [any SimpleApp.Type])
    func aFlagThatTheAppHasIsUnderstood(app: any SimpleApp.Type) {
        #expect(sorted("-p 3 --host 0.0.0.0", app.familiarFlags) == "--port 3 -- --host 0.0.0.0")
    }

    @Test func flagsWithDotsGoToTheScript() {
        #expect(sorted("app.py --model.size 3", Gradio.familiarFlags) == "app.py -- --model.size 3")
    }

    @Test(arguments: ["--ServerApp.port", "--NotebookApp.port", "--LabApp.port"])
    func jupytersPortChoosesTheRule(flag: String) {
        #expect(sorted("lab \(flag)=8600", .jupyter) == "lab --port=8600")
        #expect(sorted("\(flag) 8600 lab", .jupyter) == "--port 8600 lab")
    }

    /// `--prefix` without `--port` is Bokeh's own flag, for the rule to decide.
    @Test(arguments: [
        ("app.py --prefix /x", "app.py -- --prefix /x"), ("app.py --prefix=/x --dev", "app.py --dev -- --prefix=/x"),
        ("app.py --prefix /", "app.py --prefix /"), ("app.py --prefix", "app.py --prefix"),
        ("app.py --port 1 --prefix /x", "app.py --port 1 --prefix /x"),
        ("app.py --prefix /x --address=0.0.0.0 --port=1", "app.py --prefix /x --port=1 -- --address=0.0.0.0"),
    ])
    func bokehHasAPrefixOfItsOwn(line: String, expected: String) {
        #expect(sorted(line, Bokeh.familiarFlags) == expected)
        #expect(sorted(line, Panel.familiarFlags) == expected)
        #expect(sorted("--prefix /x", Aim.familiarFlags) == "--prefix /x")
    }

    @Test(arguments: [
        (["--dry-run"], ["--dry-run"]), (["--rule=x", "--reload_interval", "5"], ["--rule"]),
        (["--port", "1", "--prefix", "/x", "--logdir", "y"], []), (["--", "--dry-run"], []), ([], []),
        (["app.py", "--args", "--rule", "x"], []), (["--wait=5", "--args", "--rule", "x"], ["--wait"]),
    ])
    func ownOptionsAmongTheAppsAreFound(passedOn: [String], misplaced: [String]) {
        #expect(table.misplaced(in: passedOn) == misplaced)
    }

    @Test(arguments: [
        ("--logdri", "--logdir", true), ("--logdirr", "--logdir", true), ("--log-dir", "--logdir", true),
        ("--host", "--port", false), ("--ip", "--wait", false), ("--prot", "--port", true), ("--por", "--port", true),
        ("--restrat", "--restart", true), ("--bind_all", "--wait", false), ("", "--wait", false),
    ])
    func onlyWhatIsNearIsTakenForAMistake(typed: String, meant: String, isLikely: Bool) {
        #expect(TypingDistance.isLikely(typed, for: meant) == isLikely)
    }
}
