import CraterRunCore
import Testing

struct ForegroundRulesTests {
    private static let stopping: [SupervisorEffect] = [
        .app(.signal(.terminate, .group)), .app(.signal(.resume, .group)),
    ]
    private static let other = IngressRule("tb", 7000, "/ingress/tb/")

    @Test func doesNothingWhenOnlyTheKubeletsAnnotationsChange() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        for seen in 1...100 { #expect(serving.read([.first], seen: seen) == []) }
        #expect(serving.app.pid == 100)
    }

    @Test func relaunchesWhenThePrefixChanges() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        #expect(serving.read([.second]).actions == Self.stopping)
        #expect(serving.end(.signaled(.terminate)) == [.app(.launch(.second))])
        serving.becomeReady(pid: 101)
    }

    @Test func doesNothingWhenTheRuleIsRenamedWithinTheAppsNames() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        #expect(serving.read([.firstRenamed]) == [])
        #expect(serving.state == .ready)
    }

    @Test func goesOnWithoutItsRuleAndWhenItIsBack() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        let effects = serving.read([])
        #expect(effects.actions == [])
        #expect(effects.messages.count == 1)
        #expect(serving.read([], seen: 1) == [])
        #expect(serving.read([.first]).messages == ["tensorboard: its ingress rule is back, unchanged"])
        #expect(serving.state == .ready)
    }

    @Test func saysEachProblemOnceAndAgainWhenItComesBack() {
        let bad = #"ingress.crater.raids.io/jupyter="nonsense""#
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        #expect(serving.read([.first], and: [bad]).messages.count == 1)
        #expect(serving.read([.first], seen: 1, and: [bad]) == [])
        #expect(serving.read([.first]) == [])
        #expect(serving.read([.first], and: [bad]).messages.count == 1)
    }

    @Test func keepsItsRulesWhenTheFileIsDamaged() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        let message = "the annotations file is incomplete; the rules stay as they were"
        #expect(serving.read([], isDamaged: true).messages == ["line 3", message])
        #expect(serving.read([.second], isDamaged: true) == [])
        #expect(serving.app.rule == .first)
        #expect(serving.read([.second]).actions == Self.stopping)
    }

    @Test func takesWhatItCanFromADamagedFileAtFirst() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        #expect(serving.read([.first], isDamaged: true).actions == [.app(.launch(.first))])
    }

    @Test func keepsItsRulesWhenTheFileCannotBeRead() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        let effects = serving.failToRead()
        #expect(effects.actions == [])
        #expect(effects.messages.count == 1)
        #expect(effects.messages[0].hasSuffix("; the rules stay as they were"))
        #expect(serving.failToRead() == [])
        #expect(serving.app.rule == .first)
        #expect(serving.read([.first]) == [])
        // It was good in between, so this is news again.
        #expect(serving.failToRead().messages.count == 1)
    }

    @Test func goesOnByItsRuleWhenASecondCandidateAppears() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        #expect(serving.read([.first, Self.other]) == [])
        #expect(serving.app.rule == .first)
    }

    @Test func keepsItsRuleWhenASecondCandidateAppearsWhileItBacksOff() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.end(.exited(code: 1))
        #expect(serving.state == .backingOff)
        #expect(serving.read([.first, Self.other]) == [])
        #expect(serving.passToDeadline() == [.app(.launch(.first))])
    }

    @Test func hasItsRuleBackWhenThatComesBackBesideAnother() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.read([])
        #expect(
            serving.read([.first, Self.other]).messages == ["tensorboard: its ingress rule is back, unchanged"]
        )
        #expect(serving.app.rule == .first)
    }

    @Test func goesOnWhenItsRuleGivesWayToTwoOthers() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        let effects = serving.read([IngressRule("tensorboard", 6006, "/ingress/new/"), Self.other])
        #expect(effects.actions == [])
        #expect(effects.messages.count == 2)
        #expect(serving.state == .ready)
        #expect(serving.app.rule == nil)
    }

    @Test func goesOnWhenItsRuleBecomesBad() {
        let bad = #"ingress.crater.raids.io/tensorboard="{\"Port\":6006,\"Prefix\":\"x\"}""#
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        let effects = serving.read([], and: [bad])
        #expect(effects.actions == [])
        #expect(effects.messages.count == 2)
        #expect(serving.read([], seen: 1, and: [bad]) == [])
        #expect(serving.state == .ready)
        #expect(serving.read([.first]).actions == [])
        #expect(serving.state == .ready)
    }

    @Test func waitsWithoutALimitForARuleThatWentAwayUnderACrashedApp() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.read([])
        serving.end(.exited(code: 1))
        serving.passToDeadline()
        #expect(serving.state == .waiting)
        #expect(serving.supervisor.nextDeadline == nil)
        #expect(serving.read([]).messages.first?.hasPrefix("waiting for an ingress rule") == true)
        #expect(serving.read([.second]) == [.app(.launch(.second))])
    }

    @Test func waitsForABadRuleToBeMendedOnceItHasServed() {
        let bad = #"ingress.crater.raids.io/tensorboard="{\"Port\":6006,\"Prefix\":\"x\"}""#
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.read([])
        serving.end(.exited(code: 1))
        serving.passToDeadline()
        #expect(serving.read([], and: [bad]).actions == [])
        #expect(serving.state == .waiting)
        #expect(serving.read([.first]) == [.app(.launch(.first))])
    }

    @Test func ignoresRulesOnceItStops() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.send(.signal(.terminate))
        #expect(serving.read([.second]) == [])
        #expect(serving.read([]) == [])
        #expect(serving.failToRead() == [])
        #expect(serving.end(.signaled(.terminate)).last == .exit(143))
    }
}
