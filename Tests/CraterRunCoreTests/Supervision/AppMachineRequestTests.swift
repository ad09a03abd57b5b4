import CraterRunCore
import Testing

/// What users ask of a running app, in each of its states.
struct AppMachineRequestTests {
    /// An app in this state, with a rule but for `waiting`.
    private func app(_ state: AppState) -> AppDriver {
        var app = AppDriver(.tensorBoard(maxRestarts: state == .failed ? 0 : nil))
        switch state {
        case .waiting: break
        case .starting: app.start()
        case .ready: app.startAndBecomeReady()
        case .unready:
            app.startAndBecomeReady()
            app.failTwoChecks()
        case .stopping:
            app.startAndBecomeReady()
            app.send(.stopRequested(isShutdown: false))
        case .stopped:
            app.startAndBecomeReady()
            stop(&app)
        case .backingOff, .failed:
            app.start()
            app.send(.exited(.exited(code: 1)))
        }
        #expect(app.state == state)
        return app
    }

    private func stop(_ app: inout AppDriver) {
        app.send(.stopRequested(isShutdown: false))
        app.send(.exited(.exited(code: 0)))
        app.send(.surveyed(remaining: 0))
    }

    // MARK: Start

    @Test(arguments: [AppState.waiting, .starting, .ready, .unready])
    func startingWhatRunsChangesNothing(state: AppState) {
        var app = app(state)
        #expect(app.send(.startRequested) == [])
        #expect(app.state == state)
    }

    @Test(arguments: [AppState.stopped, .failed, .backingOff])
    func startingWhatDoesNotRunLaunchesIt(state: AppState) {
        var app = app(state)
        #expect(app.send(.startRequested).actions == [.launch(.first)])
        #expect(app.state == .starting && app.machine.restarts == 0)
        #expect(app.machine.nextDeadline == nil)
    }

    @Test func startingWhatIsStoppingLaunchesItAfterThat() {
        var app = app(.stopping)
        #expect(app.send(.startRequested) == [])
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)).actions == [.launch(.first)])
    }

    @Test func startingWithoutARuleWaitsForOne() {
        var app = app(.stopped)
        app.send(.ruleChanged(nil))
        #expect(app.send(.startRequested).actions == [])
        #expect(app.state == .waiting)
        #expect(app.send(.ruleChanged(.second)).actions == [.launch(.second)])
    }

    // MARK: Restart

    @Test(arguments: [AppState.starting, .ready, .unready])
    func restartingStopsAndLaunches(state: AppState) {
        var app = app(state)
        #expect(app.send(.restartRequested).actions.contains(.signal(.terminate, .group)))
        #expect(app.state == .stopping)
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)).actions == [.launch(.first)])
    }

    @Test(arguments: [AppState.stopped, .failed, .backingOff])
    func restartingWhatDoesNotRunLaunchesIt(state: AppState) {
        var app = app(state)
        #expect(app.send(.restartRequested).actions == [.launch(.first)])
    }

    // MARK: Stop

    @Test(arguments: [AppState.waiting, .starting, .ready, .unready, .backingOff])
    func whatIsStoppedStaysSoWhateverItsRuleDoes(state: AppState) {
        var app = app(state)
        stop(&app)
        #expect(app.state == .stopped)
        #expect(app.machine.history.reason == "stopped on request")
        #expect(app.send(.ruleChanged(nil)).actions == [])
        #expect(app.send(.ruleChanged(.second)).actions == [])
        #expect(app.pass(.seconds(3600)).actions == [])
        #expect(app.send(.startRequested).actions == [.launch(.second)])
    }

    // MARK: An app that no longer answers

    private func unresponsive(after limit: Duration?) -> AppDriver {
        var policy = AppPolicy.tensorBoard()
        policy.restartUnresponsive = limit
        var app = AppDriver(policy)
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(app.state == .unready)
        return app
    }

    @Test func isLeftToRecover() {
        var app = unresponsive(after: nil)
        app.pass(.seconds(86400), answering: .silent(reason: "silence"))
        #expect(app.state == .unready)
    }

    @Test func isStartedAgainWhereThatIsAskedFor() {
        var app = unresponsive(after: .seconds(30))
        app.pass(.seconds(29), answering: .silent(reason: "silence"))
        #expect(app.state == .unready)
        app.pass(.seconds(1), answering: .silent(reason: "silence"))
        #expect(app.state == .stopping)
        app.send(.exited(.signaled(.terminate)))
        app.send(.surveyed(remaining: 0))
        #expect(app.state == .backingOff && app.machine.restarts == 1)
        app.comeBack()
    }

    @Test func isNotStartedAgainWhereItAnswersInTime() {
        var app = unresponsive(after: .seconds(30))
        app.pass(.seconds(20), answering: .silent(reason: "silence"))
        app.pass(.seconds(1), answering: .answered(status: 200))
        #expect(app.state == .ready)
        app.pass(.seconds(60), answering: .answered(status: 200))
        #expect(app.state == .ready && app.machine.history.launches == 1)
    }

    @Test func mayBeAsSlowToStartAsItLikes() {
        var policy = AppPolicy.tensorBoard()
        policy.restartUnresponsive = .seconds(30)
        var app = AppDriver(policy)
        app.start()
        app.pass(.seconds(600), answering: .silent(reason: "silence"))
        #expect(app.state == .starting)
    }

    // MARK: How often it is asked

    /// Two checks that time out, a second apart, are over when the interval is.
    @Test(arguments: [10, 30, 60])
    func isKnownAsUnreadyWithinItsInterval(seconds: Int) {
        let interval = Duration.seconds(seconds)
        var app = AppDriver(.tensorBoard(readiness: TensorBoard().readiness.every(interval)))
        app.startAndBecomeReady()
        var passed = Duration.zero
        for _ in 0..<2 {
            passed += app.untilDeadline ?? .zero
            app.passToDeadline()
            app.pass(AppTiming.checkTimeout)
            passed += AppTiming.checkTimeout
            app.send(.checked(.silent(reason: "no answer")))
        }
        #expect(app.state == .unready && passed <= interval)
    }

    @Test func isAskedFourTimesInAShortInterval() {
        #expect(TensorBoard().readiness.every(.milliseconds(400)).pause == .milliseconds(100))
    }
}
