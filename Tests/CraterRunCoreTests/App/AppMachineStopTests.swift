import CraterRunCore
import Testing

struct AppMachineStopTests {
    private let term: [AppEffect] = [.signal(.terminate, .group), .signal(.resume, .group)]

    @Test func killsTheTreeAfterTheStopTimeout() {
        var app = AppDriver()
        app.startAndBecomeReady()
        #expect(app.send(.stopRequested(isShutdown: false)).actions == term)
        #expect(app.untilDeadline == .seconds(10))
        #expect(app.pass(.milliseconds(9999)) == [])
        #expect(
            app.pass(.milliseconds(1)) == [
                .warning("tensorboard: it did not stop in time: SIGKILL"), .signal(.kill, .tree),
            ]
        )
        #expect(app.state == .stopping)
        #expect(app.send(.exited(.signaled(.kill))) == [.survey])
        #expect(
            app.send(.surveyed(remaining: 0)).actions
                == [.ended(.stopped(status: .signaled(.kill), byOurSignal: true))]
        )
        #expect(app.state == .stopped)
        #expect(app.machine.nextDeadline == nil)
    }

    /// An app that may miss the stop signal gets it again, once.
    @Test func remindsAnAppThatMissesSignals() {
        var policy = AppPolicy.tensorBoard()
        policy.remindsOfStop = true
        var app = AppDriver(policy)
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: false))
        #expect(app.pass(.milliseconds(4999)) == [])
        #expect(app.pass(.milliseconds(1)) == [.signal(.terminate, .group)])
        #expect(app.pass(.milliseconds(4999)) == [])
        #expect(app.pass(.milliseconds(1)).actions == [.signal(.kill, .tree)])
    }

    @Test func doesNotRemindAnAppThatHasEnded() {
        var policy = AppPolicy.tensorBoard()
        policy.remindsOfStop = true
        var app = AppDriver(policy)
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: false))
        app.send(.exited(.exited(code: 0)))
        app.send(.surveyed(remaining: 1))
        #expect(!app.pass(.seconds(6)).contains(.signal(.terminate, .group)))
    }

    @Test func hasItsOwnTimeoutWhenEverythingIsShutDown() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: true))
        #expect(app.untilDeadline == .seconds(5))
    }

    @Test func sendsTheStopSignalOfTheApp() {
        var app = AppDriver(.tensorBoard(stopSignal: .interrupt))
        app.startAndBecomeReady()
        #expect(
            app.send(.stopRequested(isShutdown: false)) == [
                .info("tensorboard: stopping (SIGINT, SIGKILL after 10 s)"),
                .signal(.interrupt, .group), .signal(.resume, .group),
            ]
        )
        app.send(.exited(.signaled(.interrupt)))
        #expect(
            app.send(.surveyed(remaining: 0)).actions
                == [.ended(.stopped(status: .signaled(.interrupt), byOurSignal: true))]
        )
    }

    struct End: Sendable {
        let status: ExitStatus
        let isOurs: Bool
    }

    @Test(arguments: [
        End(status: .signaled(.terminate), isOurs: true),
        End(status: .signaled(.kill), isOurs: true),
        End(status: .exited(code: 0), isOurs: false),
        End(status: .exited(code: 143), isOurs: false),
        End(status: .signaled(.interrupt), isOurs: false),
        End(status: .unknown, isOurs: false),
    ])
    func tellsOurSignalFromAnEndOfItsOwn(_ end: End) {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: false))
        app.send(.exited(end.status))
        #expect(
            app.send(.surveyed(remaining: 0)).actions
                == [.ended(.stopped(status: end.status, byOurSignal: end.isOurs))]
        )
    }

    @Test func tellsLeftoversOnceToStopAndKillsThemAtTheTimeout() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: false))
        app.pass(.seconds(1))
        #expect(app.send(.exited(.exited(code: 0))) == [.survey])
        #expect(app.send(.surveyed(remaining: 2)) == [.signal(.terminate, .tree), .signal(.resume, .tree)])
        #expect(app.state == .stopping)
        for _ in 0..<10 {
            #expect(app.pass(AppTiming.surveyInterval) == [.survey])
            #expect(app.send(.surveyed(remaining: 2)) == [])
        }
        let effects = lookOn(&app, for: .milliseconds(8500), remaining: 1)
        #expect(effects.actions.contains(.signal(.kill, .tree)))
        #expect(effects.messages == ["tensorboard: it did not stop in time: SIGKILL"])
        app.passToDeadline()
        #expect(
            app.send(.surveyed(remaining: 0)).actions
                == [.ended(.stopped(status: .exited(code: 0), byOurSignal: false))]
        )
    }

    @Test func endsAsSoonAsTheLastLeftoverIsGone() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: false))
        app.send(.exited(.exited(code: 0)))
        app.send(.surveyed(remaining: 1))
        #expect(app.passToDeadline() == [.survey])
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
    }

    @Test func killsAgainWhatAppearsAfterSIGKILL() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: true))
        app.pass(.seconds(5))
        app.send(.exited(.signaled(.kill)))
        #expect(app.send(.surveyed(remaining: 1)) == [.signal(.kill, .tree)])
        app.passToDeadline()
        #expect(app.send(.surveyed(remaining: 1)) == [.signal(.kill, .tree)])
    }

    @Test func leavesAloneWhatOutlivesSIGKILLForFiveSeconds() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: true))
        app.pass(.seconds(5))
        #expect(lookOn(&app, for: .milliseconds(4999), remaining: 1).hasEnd == false)
        let effects = app.pass(.milliseconds(1))
        #expect(effects.messages.count == 2)
        #expect(effects.last == .ended(.stopped(status: .signaled(.kill), byOurSignal: true)))
        #expect(app.state == .stopped)
        #expect(app.machine.nextDeadline == nil)
        #expect(app.send(.exited(.signaled(.kill))) == [])
    }

    @Test func keepsItsStatusWhenItsLeftoversAreGivenUp() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: true))
        app.send(.exited(.exited(code: 7)))
        let effects = lookOn(&app, for: .seconds(10), remaining: 1)
        #expect(effects.contains(.ended(.stopped(status: .exited(code: 7), byOurSignal: false))))
    }

    // MARK: Stop in every state

    @Test func stopsAtOnceWhileItWaitsForItsRule() {
        var app = AppDriver()
        #expect(app.send(.stopRequested(isShutdown: true)) == [.ended(.stopped(status: nil, byOurSignal: false))])
        #expect(app.state == .stopped)
        #expect(app.send(.ruleChanged(.first)) == [])
    }

    @Test func stopsWhileItStarts() {
        var app = AppDriver()
        app.start()
        #expect(app.send(.stopRequested(isShutdown: true)).actions == term)
        #expect(app.state == .stopping)
    }

    @Test func stopsWhileItIsUnready() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(app.send(.stopRequested(isShutdown: true)).actions == term)
        #expect(app.state == .stopping)
    }

    @Test func stopsAtOnceWhileItBacksOff() {
        var app = AppDriver()
        app.start()
        app.send(.exited(.exited(code: 1)))
        #expect(app.send(.stopRequested(isShutdown: true)) == [.ended(.stopped(status: nil, byOurSignal: false))])
        #expect(app.state == .stopped)
        #expect(app.machine.nextDeadline == nil)
    }

    @Test func stopsForGoodWhileItStopsToBeStartedAgain() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        #expect(app.state == .stopping)
        #expect(app.send(.stopRequested(isShutdown: false)) == [])
        app.send(.exited(.signaled(.terminate)))
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
        #expect(app.state == .stopped)
    }

    @Test func takesTheShorterTimeoutOfTwoStops() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: false))
        app.pass(.seconds(2))
        app.send(.stopRequested(isShutdown: true))
        #expect(app.untilDeadline == .seconds(5))
        app.send(.stopRequested(isShutdown: false))
        #expect(app.untilDeadline == .seconds(5))
        app.pass(.seconds(3))
        app.send(.stopRequested(isShutdown: true))
        #expect(app.untilDeadline == .seconds(2))
    }

    /// Another rule is another chance for what has failed; the same one is not.
    @Test func whatHasFailedIsTriedAgainWhenItsRuleChanges() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        app.send(.launchFailed(.notFound("nothing")))
        #expect(app.send(.ruleChanged(.firstRenamed)) == [])
        #expect(app.send(.ruleChanged(nil)) == [])
        #expect(app.send(.ruleChanged(.first)) == [])
        #expect(app.state == .failed)
        #expect(app.send(.ruleChanged(.second)) == [.launch(.second)])
        #expect(app.state == .starting)
    }

    /// It goes on without its rule, until somebody else has one for its port.
    @Test func makesRoomForAnAppWithARule() {
        var app = AppDriver()
        app.startAndBecomeReady()
        #expect(app.send(.portWanted(by: "visdom")) == [])
        app.send(.ruleChanged(nil))
        #expect(app.send(.portWanted(by: "visdom")).actions == term)
        #expect(app.send(.portWanted(by: "visdom")) == [])
        app.send(.exited(.exited(code: 0)))
        app.send(.surveyed(remaining: 0))
        #expect(app.state == .waiting)
    }

    @Test func doesNothingMoreOnceItHasEnded() {
        var stopped = AppDriver()
        stopped.send(.stopRequested(isShutdown: true))
        var failed = AppDriver()
        failed.send(.ruleChanged(.first))
        failed.send(.launchFailed(.notFound("nothing")))
        var completed = AppDriver(.tensorBoard(restart: .never))
        completed.startAndBecomeReady()
        completed.send(.exited(.exited(code: 0)))
        for var app in [stopped, failed, completed] {
            let state = app.state
            let events: [AppEvent] = [
                .stopRequested(isShutdown: false), .stopRequested(isShutdown: true), .killRequested, .tick,
                .ruleChanged(nil), .ruleChanged(.first), .portWanted(by: "visdom"), .surveyed(remaining: 1),
                .checked(.answered(status: 200)), .exited(.exited(code: 0)), .launched(pid: 7), .forward(.hangup),
            ]
            for event in events { #expect(app.send(event) == []) }
            #expect(app.state == state)
            #expect(app.machine.nextDeadline == nil)
        }
    }

    // MARK: Skipping the wait

    @Test func killsAtOnceWhenAskedToSkipTheWait() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: true))
        #expect(
            app.send(.killRequested) == [.warning("tensorboard: skipping the wait: SIGKILL"), .signal(.kill, .tree)]
        )
        #expect(app.send(.killRequested) == [])
        app.send(.exited(.signaled(.kill)))
        #expect(
            app.send(.surveyed(remaining: 0)).actions
                == [.ended(.stopped(status: .signaled(.kill), byOurSignal: true))]
        )
    }

    @Test func killsWithoutAStopBefore() {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        #expect(app.send(.killRequested).actions == [.abandonCheck, .signal(.kill, .tree)])
        #expect(app.state == .stopping)
        app.send(.exited(.signaled(.kill)))
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
    }

    @Test func killsWhatIsLeftAfterItsFirstProcess() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.stopRequested(isShutdown: true))
        app.send(.exited(.exited(code: 0)))
        app.send(.surveyed(remaining: 1))
        #expect(app.send(.killRequested).actions == [.signal(.kill, .tree)])
        app.passToDeadline()
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
    }

    @Test func killsForGoodWhileItStopsToBeStartedAgain() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.send(.ruleChanged(.second))
        app.send(.killRequested)
        app.send(.exited(.signaled(.kill)))
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
    }

    @Test func endsAtOnceWhenKilledWhileNothingRuns() {
        let ended: [AppEffect] = [.ended(.stopped(status: nil, byOurSignal: false))]
        var waiting = AppDriver()
        #expect(waiting.send(.killRequested) == ended)
        var backingOff = AppDriver()
        backingOff.start()
        backingOff.send(.exited(.exited(code: 1)))
        #expect(backingOff.send(.killRequested) == ended)
        #expect(backingOff.machine.nextDeadline == nil)
    }

    /// Time passes while every survey finds so many processes.
    private func lookOn(_ app: inout AppDriver, for duration: Duration, remaining: Int) -> [AppEffect] {
        let end = app.now.advanced(by: duration)
        var effects: [AppEffect] = []
        while let due = app.machine.nextDeadline, due <= end {
            let new = app.passToDeadline()
            effects += new
            if new.contains(.survey) { effects += app.send(.surveyed(remaining: remaining)) }
        }
        app.pass(app.now.duration(to: end))
        return effects
    }
}
