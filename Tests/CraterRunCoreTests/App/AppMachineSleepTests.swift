import CraterRunCore
import Testing

/// An app that nobody uses sleeps until somebody wants it.
struct AppMachineSleepTests {
    private func goingToSleep(_ policy: AppPolicy = .tensorBoard()) -> AppDriver {
        var app = AppDriver(policy)
        app.startAndBecomeReady()
        #expect(
            app.send(.sleepRequested(after: .seconds(7200))) == [
                .info("tensorboard: nobody has used it for 2 h: putting it to sleep (--sleep-after)"),
                .signal(.terminate, .group), .signal(.resume, .group),
            ])
        #expect(app.state == .stopping)
        return app
    }

    private func end(_ app: inout AppDriver, _ status: ExitStatus = .exited(code: 0)) -> [AppEffect] {
        #expect(app.send(.exited(status)) == [.survey])
        return app.send(.surveyed(remaining: 0))
    }

    @Test func isStoppedAndStays() {
        var app = goingToSleep()
        let effects = end(&app)
        #expect(!effects.hasEnd && effects.messages.first?.contains("asleep (") ?? false, "\(effects)")
        #expect(app.state == .asleep && app.machine.nextDeadline == nil && app.machine.pid == nil)
        #expect(app.machine.history.reason == "nobody has used it for 2 h")
        #expect(app.pass(.seconds(100_000)) == [] && app.machine.cure == nil)
    }

    @Test(arguments: [ExitStatus.exited(code: 3), .signaled(.kill), .signaled(.terminate), .unknown])
    func aCrashOnTheWayEndsInSleepToo(status: ExitStatus) {
        var app = goingToSleep()
        _ = end(&app, status)
        #expect(app.state == .asleep && app.machine.restarts == 0)
    }

    @Test func oneThatDoesNotStopIsKilledAndSleeps() {
        var app = goingToSleep()
        #expect(app.pass(.seconds(10)).actions == [.signal(.kill, .tree)])
        _ = end(&app, .signaled(.kill))
        #expect(app.state == .asleep)
    }

    @Test(arguments: [AppEvent.used, .startRequested, .restartRequested]) func wakes(event: AppEvent) {
        var app = AppDriver.at(.asleep)
        #expect(app.send(event).actions == [.launch(.first)] && app.state == .starting)
        app.send(.launched(pid: 300))
        app.becomeReady()
        #expect(app.machine.history.reason == nil)
    }

    @Test(arguments: [AppEvent.used, .startRequested, .restartRequested])
    func whoWantsItOnTheWayGetsItAfterwards(event: AppEvent) {
        var app = goingToSleep()
        #expect(app.send(event).actions == [] && app.state == .stopping)
        #expect(end(&app).actions == [.launch(.first)])
    }

    @Test func aStopTurnsSleepIntoAStop() {
        var app = AppDriver.at(.asleep)
        #expect(app.send(.stopRequested(isShutdown: false)).hasEnd && app.machine.isStoppedByRequest)
        #expect(app.send(.used) == [] && app.state == .stopped, "a stopped app is woken by nobody")
    }

    @Test func aStopOnTheWayToo() {
        var app = goingToSleep()
        app.send(.stopRequested(isShutdown: false))
        app.send(.used)
        #expect(end(&app).hasEnd && app.machine.isStoppedByRequest)
    }

    @Test(arguments: [AppEvent.stopRequested(isShutdown: true), .killRequested])
    func theEndOfCraterRunIsItsEnd(event: AppEvent) {
        var app = AppDriver.at(.asleep)
        #expect(app.send(event) == [.ended(.stopped(status: nil, byOurSignal: false))] && app.state == .stopped)
    }

    @Test func aRuleStartsNothing() {
        var app = AppDriver.at(.asleep)
        for rule in [IngressRule.second, nil, .first, nil] {
            #expect(app.send(.ruleChanged(rule)) == [] && app.state == .asleep)
        }
        #expect(app.send(.used).actions == [] && app.state == .waiting, "it waits for its rule")
        #expect(app.send(.ruleChanged(.second)).actions == [.launch(.second)])
    }

    @Test(arguments: AppState.allCases) func onlyAnAppThatServesFallsAsleep(state: AppState) {
        var app = AppDriver.at(state)
        let effects = app.send(.sleepRequested(after: .seconds(60)))
        #expect((effects != []) == [.ready, .unready].contains(state), "\(effects)")
    }

    @Test(arguments: AppState.allCases) func aVisitWakesNothingElse(state: AppState) {
        var app = AppDriver.at(state)
        #expect((app.send(.used) != []) == (state == .asleep))
    }

    @Test func itsOwnStopSignalAndItsLossesAreSaid() {
        var policy = AppPolicy.tensorBoard()
        policy.writesRuntimeFiles = true
        var app = AppDriver(policy)
        app.startAndBecomeReady()
        #expect(app.send(.sleepRequested(after: .seconds(60))).actions.first == .tellLosses)
    }
}
