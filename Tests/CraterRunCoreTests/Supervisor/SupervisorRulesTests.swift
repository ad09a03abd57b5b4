import CraterRunCore
import Testing

/// Rules that come, change and go while several apps are served.
struct SupervisorRulesTests {
    @Test func everyRuleOfAnAppOpensIt() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        #expect(up.running.isEmpty)
        up.read([.board, .lab, IngressRule("other", 9000, "/ingress/other/")])
        #expect(up.ports == ["tensorboard": 6006, "jupyter": 8888])
        up.read([.board, .lab, .plots])
        #expect(up.ports == ["tensorboard": 6006, "jupyter": 8888, "visdom": 8097])
        up.pass(.seconds(1))
        #expect(Set(up.states.values) == [.ready])
    }

    @Test func aChangedRuleRelaunchesItsAppAndNoOther() throws {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, .lab])
        let lab = try #require(up.running["jupyter"]).pid
        up.read([IngressRule("tensorboard", 6006, "/ingress/new/"), .lab])
        #expect(up.running["tensorboard"]?.rule.prefix == PathPrefix(known: "/ingress/new/"))
        #expect(up.running["jupyter"]?.pid == lab)
    }

    @Test func nothingFollowsFromARuleThatStaysAsItIs() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, .lab])
        _ = up.takeDone()
        up.read([.board, .lab], and: ["kubernetes.io/config.seen=\"later\""])
        #expect(up.takeDone().isEmpty)
    }

    @Test func aRuleThatIsGoneLeavesTheAppAndBringsNoOtherWhenItIsBack() throws {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board])
        let pid = try #require(up.running["tensorboard"]).pid
        up.read([])
        #expect(up.running["tensorboard"]?.pid == pid)
        up.read([.board])
        #expect(up.running["tensorboard"]?.pid == pid)
        #expect(up.supervisor.apps.count == 1)
    }

    @Test func aRenamedRuleAtTheSamePlaceRestartsNothing() throws {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.first])
        let pid = try #require(up.running["tensorboard"]).pid
        up.read([.firstRenamed])
        #expect(up.running["tensorboard"]?.pid == pid)
        #expect(up.done.messages.contains("tensorboard: served by the ingress rule tb now"))
    }

    @Test func twoRulesOfOneAppAreTwoInstances() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, IngressRule("tb", 6007, "/ingress/second/")])
        #expect(Set(up.ports.values) == [6006, 6007])
        #expect(Set(up.ports.keys) == ["tensorboard", "tb"] || Set(up.ports.keys) == ["tensorboard", "tensorboard-2"])
    }

    /// Both stop, and each starts where the other was.
    @Test(arguments: [true, false]) func twoRulesSwapTheirPorts(stopAtOnce: Bool) {
        var up = SupervisorDriver.automatic()
        up.stopsAtOnce = stopAtOnce
        up.send(.started)
        up.read([.board, .lab])
        up.read([IngressRule("tensorboard", 8888, "/ingress/board/"), IngressRule("jupyter", 6006, "/ingress/lab/")])
        if !stopAtOnce {
            // Told, not gone: nobody starts on a port that is still held.
            #expect(up.ports == ["tensorboard": 6006, "jupyter": 8888])
            up.end("tensorboard", .signaled(.terminate))
            #expect(up.ports == ["jupyter": 8888])
            up.end("jupyter", .signaled(.terminate))
        }
        #expect(up.ports == ["tensorboard": 8888, "jupyter": 6006])
        #expect(!up.done.messages.contains { $0.contains("in use") })
    }

    @Test func anAppWithoutARuleMakesRoomForOneThatHasOneOnItsPort() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board])
        up.read([IngressRule("visdom", 6006, "/ingress/plots/")])
        #expect(up.ports == ["visdom": 6006])
        #expect(up.states == ["visdom": .starting])
    }

    @Test func twoRulesOnOnePortDoNotFight() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, IngressRule("visdom", 6006, "/ingress/plots/")])
        up.pass(.seconds(30))
        #expect(up.ports == ["tensorboard": 6006])
        #expect(up.states == ["tensorboard": .ready, "visdom": .backingOff])
        #expect(up.done.messages.count { $0.contains("port 6006 is in use by tensorboard") } == 1)
    }

    @Test func anUnreadableOrCutFileChangesNothing() throws {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board])
        let pid = try #require(up.running["tensorboard"]).pid
        up.send(.rules(.failed(.missing(path: "/p"))))
        up.send(.rules(.read(IngressRules([]), complaints: ["line 3"])))
        up.send(.rules(.read(IngressRules([]), complaints: ["line 3"])))
        #expect(up.running["tensorboard"]?.pid == pid)
        #expect(up.supervisor.apps.first?.machine.rule != nil)
        #expect(up.done.messages.count { $0.contains("stay as they were") } == 2)
    }

    /// What an app waits for is shown as it is.
    @Test func anAppThatWaitsSaysWhatIsWrong() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        func reason() -> String? { up.supervisor.report.apps.first?.reason }
        up.send(.started)
        #expect(reason() == "the ingress rules have not been read")
        up.send(.rules(.failed(.missing(path: "/p"))))
        #expect(reason() == "cannot read the annotations file /p: there is no such file")
        up.read([], and: [#"ingress.crater.raids.io/tb="{\"Port\":0,\"Prefix\":\"/x/\"}""#])
        #expect(reason() == "waiting for its rule tb to be mended: its Port is not from 1 to 65535, value 0")
        #expect(
            up.supervisor.report.ruleProblems
                == ["cannot use the ingress rule tb: its Port is not from 1 to 65535, value 0"])
        up.read([.board, IngressRule("tb", 6007, "/ingress/tb/")])
        #expect(reason()?.hasPrefix("cannot tell which ingress rule is tensorboard's") == true)
        up.read([])
        #expect(reason() == "waiting for an ingress rule named tensorboard or tb")
        #expect(up.supervisor.report.ruleProblems == [])
        up.read([.board])
        up.pass(.seconds(1))
        #expect(reason() == nil)
        // Where what is added never arrives.
        var fixed = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        fixed.send(.started)
        fixed.send(.rulesNeverChange("/p is mounted with subPath"))
        fixed.read([])
        #expect(
            fixed.supervisor.report.apps.first?.reason?.hasSuffix("will not be seen: /p is mounted with subPath")
                == true)
    }

    /// Only the user can end the one, while the other may well come.
    @Test func onlyTheRuleThatNobodyCanTellIsWarnedOf() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        up.send(.started)
        func levels() -> [LogLevel] {
            up.takeDone().compactMap { if case .log(let entry) = $0 { entry.level } else { nil } }
        }
        up.read([])
        #expect(levels().last == .info)
        up.read([.board, IngressRule("tb", 6007, "/ingress/tb/")])
        #expect(levels().last == .warning)
    }

    @Test func aFileThatIsMissingAtTheStartIsWaitedForWithOneLine() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        for _ in 0..<3 { up.send(.rules(.failed(.missing(path: "/p")))) }
        #expect(up.done.messages.count { $0.contains("/p") } == 1)
        up.read([.board])
        #expect(up.ports == ["tensorboard": 6006])
    }

    @Test func aBadRuleHidesNoGoodOne() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board], and: [#"ingress.crater.raids.io/jupyter="{\"Port\":0,\"Prefix\":\"/x\"}""#])
        #expect(up.ports == ["tensorboard": 6006])
        #expect(up.done.messages.contains { $0.contains("cannot use the ingress rule jupyter") })
    }

    @Test func aCrashLoopDelaysNoOther() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, .lab])
        for _ in 0..<20 {
            up.end("tensorboard", .exited(code: 1))
            up.pass(.seconds(61))
        }
        _ = up.takeDone()
        up.end("tensorboard", .exited(code: 1))
        up.read([.board, .lab, .plots])
        #expect(up.ports["visdom"] == 8097 && up.states["jupyter"] == .ready)
    }

    // MARK: Apps that were named

    @Test func aNamedAppFollowsItsOwnRuleAndLeavesTheRestToTheAutomaticOnes() {
        var up = SupervisorDriver.automatic {
            $0.apps = [.fake(.tensorBoard, ruleName: "other")]
        }
        up.send(.started)
        up.read([IngressRule("other", 9000, "/ingress/other/"), .board])
        #expect(Set(up.ports.values) == [9000, 6006])
        #expect(up.ports["tensorboard"] == 9000)
    }

    @Test func aNamedAppWithoutARuleSaysOnceWhatItWaitsFor() {
        var up = SupervisorDriver { $0.apps = [.fake(.visdom)] }
        up.send(.started)
        for _ in 0..<3 { up.read([.board]) }
        #expect(up.running.isEmpty)
        #expect(up.done.messages == ["visdom: waiting for an ingress rule named visdom"])
    }

    @Test func aFixedRuleNeedsNoFile() {
        var up = SupervisorDriver { $0.apps = [.fake(.visdom, fixedRule: .plots)] }
        up.send(.started)
        #expect(up.ports == ["visdom": 8097])
        up.read([])
        #expect(up.states == ["visdom": .starting])
    }

    @Test func twoCandidatesAreToldAndTheAppKeepsTheOneItHas() {
        let rules = [IngressRule("tb", 6007, "/ingress/two/"), IngressRule.board]
        var fresh = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        fresh.send(.started)
        fresh.read(rules)
        #expect(fresh.running.isEmpty)
        #expect(fresh.done.messages.contains { $0.contains("--rule NAME") })
        var serving = SupervisorDriver { $0.apps = [.fake(.tensorBoard)] }
        serving.send(.started)
        serving.read([.board])
        serving.read(rules)
        #expect(serving.ports == ["tensorboard": 6006])
    }

    /// Whatever the order of their names: `tb` comes before `tensorboard`.
    @Test func anAppsOwnNameBelongsToTheRuleThatHasIt() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.read([.board, IngressRule("tb", 6007, "/ingress/tb/")])
        #expect(up.ports == ["tensorboard": 6006, "tb": 6007])
    }

    @Test func aRuleThatAnotherAppAsksForIsNoCandidate() {
        var second = AppDefinition.fake(.tensorBoard, ruleName: "tb")
        second.policy.name = "tensorboard-2"
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard), second] }
        up.send(.started)
        up.read([.board, IngressRule("tb", 6007, "/ingress/tb/")])
        #expect(up.running.values.map(\.rule.name).sorted() == ["tb", "tensorboard"])
    }
}
