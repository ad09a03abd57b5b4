import CraterRunCore
import Testing

struct AppMachineRuleTests {
    private let term: [AppEffect] = [.signal(.terminate, .group), .signal(.resume, .group)]

    @Test(arguments: [IngressRule.second, .third, IngressRule("tensorboard", 7007, "/ingress/first/")])
    func relaunchesWhenThePrefixOrThePortChanges(_ rule: IngressRule) {
        var app = AppDriver()
        app.startAndBecomeReady()
        let effects = app.send(.ruleChanged(rule))
        #expect(effects.actions == term)
        #expect(
            effects.messages == [
                "tensorboard: its ingress rule changed from port 6006, path /ingress/first/ to \(rule.address): starting "
                    + "it again"
            ]
        )
        #expect(app.untilDeadline == .seconds(10))
        app.send(.exited(.signaled(.terminate)))
        #expect(app.send(.surveyed(remaining: 0)) == [.launch(rule)])
        app.send(.launched(pid: 101))
        #expect(app.machine.servedRule == rule)
        #expect(app.machine.restarts == 0)
        #expect(app.passToDeadline() == [.check(ServingPlace(direct: rule).backend, attributing: true)])
    }

    @Test func relaunchesWhileItStarts() {
        var app = AppDriver()
        app.start()
        #expect(app.send(.ruleChanged(.second)).actions == term)
        #expect(app.state == .stopping)
    }

    @Test func relaunchesWhileItIsUnready() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(app.send(.ruleChanged(.second)).actions == term)
        #expect(app.state == .stopping)
    }

    @Test func doesNothingWhenOnlyTheNameChanges() {
        var app = AppDriver()
        app.startAndBecomeReady()
        #expect(app.send(.ruleChanged(.firstRenamed)) == [])
        #expect(app.state == .ready)
        #expect(app.machine.rule == .firstRenamed)
    }

    @Test func goesOnWithoutItsRuleAndWhenItIsBack() {
        var app = AppDriver()
        app.startAndBecomeReady()
        #expect(
            app.send(.ruleChanged(nil)) == [
                .warning(
                    "tensorboard: its ingress rule is gone: it goes on at port 6006, out of reach from outside until "
                        + "the rule is back"
                )
            ]
        )
        #expect(app.send(.ruleChanged(nil)) == [])
        #expect(app.state == .ready)
        #expect(
            app.send(.ruleChanged(.first)) == [.info("tensorboard: its ingress rule is back, unchanged")]
        )
        #expect(app.state == .ready)
        #expect(app.machine.pid == 100)
    }

    @Test func relaunchesWhenTheRuleComesBackChanged() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(nil))
        #expect(app.send(.ruleChanged(.second)).actions == term)
    }

    @Test func waitsForItsRuleWhenItEndsWithoutOne() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(nil))
        app.send(.exited(.exited(code: 1)))
        #expect(app.state == .backingOff)
        #expect(app.passToDeadline() == [.info("tensorboard: waiting for its ingress rule")])
        #expect(app.state == .waiting)
        #expect(app.machine.nextDeadline == nil)
        #expect(app.send(.ruleChanged(.first)) == [.launch(.first)])
    }

    // MARK: While it stops for a relaunch

    @Test func usesTheNewestRuleAfterStopping() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        #expect(app.send(.ruleChanged(.third)) == [])
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)) == [.launch(.third)])
    }

    @Test func usesTheOldRuleThatCameBackWhileItStopped() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        #expect(app.send(.ruleChanged(.first)) == [])
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)) == [.launch(.first)])
    }

    @Test func waitsForItsRuleThatWasRemovedWhileItStopped() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        #expect(app.send(.ruleChanged(nil)) == [])
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)) == [.info("tensorboard: stopped; waiting for its ingress rule")])
        #expect(app.state == .waiting)
        #expect(app.machine.nextDeadline == nil)
        #expect(app.send(.ruleChanged(.second)) == [.launch(.second)])
    }

    @Test func staysStoppedWhateverItsRuleDoes() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: false))
        #expect(app.send(.ruleChanged(.second)) == [])
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
        #expect(app.send(.ruleChanged(.third)) == [])
        #expect(app.state == .stopped)
    }

    @Test func killsTheOldRunAtTheTimeoutAndThenRelaunches() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        #expect(app.pass(.seconds(10)).actions == [.signal(.kill, .tree)])
        app.send(.exited(.signaled(.kill)))
        #expect(app.send(.surveyed(remaining: 0)) == [.launch(.second)])
    }

    @Test func relaunchesEvenBesideAProcessThatCannotBeKilled() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        app.pass(.seconds(10))
        #expect(app.pass(.seconds(5)).actions.last == .launch(.second))
    }

    // MARK: While it backs off

    @Test func triesANewRuleAtOnceWhileItBacksOff() throws {
        var app = AppDriver()
        app.start()
        for _ in 0..<6 {
            app.send(.exited(.exited(code: 1)))
            app.comeBack()
        }
        app.send(.exited(.exited(code: 1)))
        #expect(app.send(.ruleChanged(.second)) == [.launch(.second)])
        #expect(app.machine.nextDeadline == nil)
        app.send(.launched(pid: 100))
        app.send(.exited(.exited(code: 1)))
        #expect(app.machine.restarts == 1)
        let delay = try #require(app.untilDeadline)
        #expect(delay <= .milliseconds(500))
    }

    @Test(arguments: [IngressRule.first, .firstRenamed])
    func backsOffOnWhenTheRuleStaysWhereItIs(_ rule: IngressRule) {
        var app = AppDriver()
        app.start()
        app.send(.exited(.exited(code: 1)))
        #expect(app.send(.ruleChanged(rule)) == [])
        #expect(app.machine.restarts == 1)
        #expect(app.passToDeadline() == [.launch(rule)])
    }

    @Test func backsOffOnWhenTheRuleGoesAndComesBackUnchanged() {
        var app = AppDriver()
        app.start()
        app.send(.exited(.exited(code: 1)))
        #expect(app.send(.ruleChanged(nil)) == [])
        #expect(app.send(.ruleChanged(.first)) == [])
        #expect(app.state == .backingOff)
        #expect(app.machine.restarts == 1)
        #expect(app.passToDeadline() == [.launch(.first)])
    }

    @Test func waitsForItsRuleThatWasRemovedWhileItBackedOff() {
        var app = AppDriver()
        app.start()
        app.send(.exited(.exited(code: 1)))
        app.send(.ruleChanged(nil))
        app.passToDeadline()
        #expect(app.state == .waiting)
    }

    // MARK: --on-rule-change keep

    @Test func keepsTheRunningAppWhereAskedTo() {
        var app = AppDriver(.tensorBoard(onRuleChange: .keep))
        app.startAndBecomeReady()
        let effects = app.send(.ruleChanged(.second))
        #expect(effects.actions == [])
        #expect(effects.messages.count == 1)
        #expect(app.state == .ready)
        #expect(app.machine.servedRule == .first)
        #expect(app.pass(.seconds(10)) == [.check(.first, attributing: false)])
        app.send(.checked(.answered(status: 200)))
        #expect(app.send(.ruleChanged(.first)) == [])
    }

    @Test func startsByTheNewestRuleAfterACrashWhereItWasKept() {
        var app = AppDriver(.tensorBoard(onRuleChange: .keep))
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        app.send(.exited(.exited(code: 1)))
        #expect(app.passToDeadline() == [.launch(.second)])
    }

    // MARK: Before it runs

    @Test(arguments: [RuleChangePolicy.relaunch, .keep])
    func launchesByTheNewestRuleWhereTheLastLaunchHasNotEnded(_ policy: RuleChangePolicy) {
        var app = AppDriver(.tensorBoard(onRuleChange: policy))
        app.send(.ruleChanged(.first))
        #expect(app.send(.ruleChanged(.second)) == [.abandonLaunch, .launch(.second)])
        app.send(.launched(pid: 100))
        #expect(app.machine.servedRule == .second)
    }

    @Test func goesOnWithALaunchWhoseRuleHasAnotherNameNow() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        #expect(app.send(.ruleChanged(.firstRenamed)) == [])
        app.send(.launched(pid: 100))
        #expect(app.machine.pid == 100)
    }

    @Test func startsNothingWhoseRuleIsGoneBeforeItRuns() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        #expect(app.send(.ruleChanged(nil)).actions == [.abandonLaunch])
        #expect(app.state == .waiting && app.machine.nextDeadline == nil)
        #expect(app.send(.ruleChanged(.first)) == [.launch(.first)])
    }

    @Test func waitsOnForARuleThatIsStillMissing() {
        var app = AppDriver()
        #expect(app.send(.ruleChanged(nil)) == [])
        #expect(app.state == .waiting)
    }
}
