import CraterRunCore
import Testing

struct SettingsTests {
    private func settings(_ words: [String], _ environment: [String: String] = [:]) throws -> Settings {
        Settings(try #require(OptionTable.up.read(words)), variables: { environment[$0] })
    }

    @Test func anOptionBeatsItsVariable() throws {
        var settings = try settings(["--linger", "5s"], ["CRATER_RUN_LINGER": "7s", "CRATER_RUN_GRACE_PERIOD": "1h"])
        #expect(settings.read(.linger) == .seconds(5))
        #expect(settings.read(.gracePeriod) == .seconds(3600))
        #expect(settings.read(.autoDelay) == nil)
        #expect(settings.problems.isEmpty)
    }

    @Test func allThatIsWrongIsSaid() throws {
        var settings = try settings(
            ["--linger", "soon", "--log-level", "loud"], ["CRATER_RUN_AUTO": "maybe", "CRATER_RUN_LINGER": "1s"])
        #expect(settings.read(.linger) == nil)
        #expect(settings.read(.auto) == nil)
        #expect(settings.read(.logLevel) == nil)
        #expect(
            settings.problems == [
                "cannot use --linger soon: it must be a duration such as 500ms, 30s, 5m or 2h, or 0",
                "cannot use CRATER_RUN_AUTO=maybe: it must be true or false",
                "cannot use --log-level loud: it must be debug, info, warning or error",
            ])
        #expect(settings.environmentProblems == ["cannot use CRATER_RUN_AUTO=maybe: it must be true or false"])
    }

    @Test(arguments: ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false])
    func aFlagsVariableSaysYesOrNo(text: String, value: Bool) throws {
        var settings = try settings([], ["CRATER_RUN_AUTO": text])
        #expect(settings.read(.auto) == value)
    }

    @Test func linesOfTheVariableCountWhereNoneIsGiven() throws {
        let environment = ["CRATER_RUN_APPS": "tensorboard\n\n  \njupyter --wait 3\n"]
        var fromEnvironment = try settings([], environment)
        #expect(fromEnvironment.readAll(.apps) == ["tensorboard", "jupyter --wait 3"])
        let comments = ["CRATER_RUN_APPS": "# runs\ntensorboard --logdir '#1'\n  #jupyter\n#"]
        var commented = try settings([], comments)
        #expect(commented.readAll(.apps) == ["tensorboard --logdir '#1'"])
        var given = try settings(["--app", "visdom"], environment)
        #expect(given.readAll(.apps) == ["visdom"])
    }

    @Test func whatTheCommandLineAloneSaysIsToldApart() throws {
        let table = OptionTable([Setting.logDirectory.declaration])
        var settings = Settings(try #require(table.read([String]())), variables: { _ in "/logs" })
        #expect(settings.readGiven(.logDirectory) == nil)
        #expect(settings.read(.logDirectory) == "/logs")
        #expect(settings.variable(.logDirectory) == "/logs")
    }

    /// A shell expands it in neither of these.
    @Test func aTildeIsAHomeInValuesThatArePaths() throws {
        let table = OptionTable([
            Setting.logDirectory.declaration, Setting.rule.declaration, Setting.annotations.declaration,
        ])
        let words = ["--logdir=~/runs", "--rule", "~", "--annotations", "~ada/file"]
        var settings = Settings(try #require(table.read(words)), variables: { _ in "~/kept" }, homes: .some)
        #expect(settings.read(.logDirectory) == "/home/me/runs")
        #expect(settings.readGiven(.logDirectory) == "/home/me/runs")
        #expect(settings.read(.annotations) == "/home/ada/file")
        #expect(settings.variable(.logDirectory) == "/home/me/kept")
        #expect(settings.read(.rule) == "~")
        for path in [Setting.notebookDirectory, .environmentPath, .tensorBoardExecutable, .jupyterExecutable] {
            #expect(settings.read(path) == "/home/me/kept")
        }
        #expect(settings.read(.publicHost) == nil)
    }

    @Test func theHelpHasSummaryDefaultAndVariable() {
        #expect(
            Setting.linger.declaration.help
                == "How long the apps go on after the job has ended, so that its results can be looked at. Default: 0. "
                + "[CRATER_RUN_LINGER]")
        #expect(Setting.apps.declaration.help.hasSuffix("May be given several times. [CRATER_RUN_APPS, one a line]"))
        #expect(Setting.check.declaration.help.hasSuffix("and start nothing."))
    }
}
