import CraterRunCore
import Testing

struct OptionTableTests {
    @Test func noWordsGiveNothing() {
        #expect(OptionTable.up.read([String]()) == GivenWords())
    }

    @Test func plainOptionsAreRead() throws {
        let given = try #require(
            OptionTable.up.read([
                "--linger", "30m", "--app", "jupyter", "--auto", "--app=tensorboard --logdir=x", "--grace-period=1h",
            ]))
        #expect(given[.linger] == "30m")
        #expect(given[.gracePeriod] == "1h")
        #expect(given.texts(of: Setting.apps.declaration) == ["jupyter", "tensorboard --logdir=x"])
        #expect(given.has(Setting.auto.declaration))
        #expect(!given.has(Setting.signalGroup.declaration))
        #expect(given[.stopSignal] == nil)
    }

    @Test func wordsInAnotherOrderGiveTheSame() {
        #expect(
            OptionTable.up.read(["--auto", "--linger", "1s", "--log-level=debug"])
                == OptionTable.up.read(["--log-level", "debug", "--linger=1s", "--auto"]))
    }

    @Test(arguments: [
        ["--help"], ["-h"], ["--version"], ["--ling", "1s"], ["--Linger", "1s"], ["-linger", "1s"], ["word"], [""],
        ["-"], ["--"],
        ["--linger"], ["--linger", ""], ["--linger="], ["--linger", "-1"], ["--linger=-1"], ["--linger", "--auto"],
        ["--linger", "1s", "2s"], ["--linger", "1s", "--linger", "2s"], ["--auto", "--auto"], ["--auto=true"],
        ["--auto=", "x"], ["=1"], ["--=1"], ["--timeout", "1s"],
    ])
    func theLibraryHasToLookAtWhatIsUnusual(words: [String]) {
        #expect(OptionTable.up.read(words) == nil)
    }

    @Test func otherWordsAreOperandsWhereThereMayBeSome() {
        #expect(OptionTable.probe.read(["--user", "7", "ready", "jupyter"])?.operands == ["ready", "jupyter"])
        #expect(OptionTable.probe.read(["ready", "a", "b"]) == nil)
        #expect(OptionTable.probe.read(["ready", "--"]) == nil)
    }

    @Test func whatFollowsTwoDashesIsPassedOnAsItIs() {
        let table = OptionTable([Setting.logDirectory.declaration], takesPassedOn: true)
        let given = table.read(["--logdir", "x", "--", "--logdir", "y", "--", ""])
        #expect(given?[.logDirectory] == "x")
        #expect(given?.passedOn == ["--logdir", "y", "--", ""])
        #expect(table.read(["--logdir", "--", "x"]) == nil)
    }
}
