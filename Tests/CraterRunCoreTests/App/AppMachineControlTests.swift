import CraterRunCore
import Testing

/// What users ask of an app while it runs or does not, in each of its states.
struct AppMachineControlTests {
    private let term: [AppEffect] = [.signal(.terminate, .group), .signal(.resume, .group)]
    private let stoppedIdle: [AppEffect] = [.ended(.stopped(status: nil, byOurSignal: false))]

    struct Case: CustomTestStringConvertible {
        let state: AppState
        /// The state that follows, and whether a process is told to end, another one is launched.
        let next: AppState
        var signals = false
        var launches = false

        var testDescription: String { state.rawValue }
    }

    // MARK: Start

    @Test(arguments: [
        Case(state: .waiting, next: .waiting),
        Case(state: .starting, next: .starting),
        Case(state: .ready, next: .ready),
        Case(state: .unready, next: .unready),
        Case(state: .stopping, next: .stopping),
        Case(state: .stopped, next: .starting, launches: true),
        Case(state: .backingOff, next: .starting, launches: true),
        Case(state: .failed, next: .starting, launches: true),
    ])
    func startsWhatDoesNotRunAndLeavesTheRest(what: Case) {
        var app = AppDriver.at(what.state)
        check(app.send(.startRequested), of: app, what)
        if what.launches { #expect(app.machine.restarts == 0 && app.machine.history.reason == nil) }
    }

    @Test func aStartWhileItStopsFollowsTheStop() {
        var app = AppDriver.at(.stopping)
        app.send(.startRequested)
        app.send(.ruleChanged(.second))
        app.send(.exited(.signaled(.terminate)))
        #expect(app.send(.surveyed(remaining: 0)) == [.launch(.second)])
        #expect(app.machine.history.reason == nil)
    }

    @Test(arguments: [AppState.stopped, .failed, .backingOff])
    func aStartWithoutARuleWaitsForOne(state: AppState) {
        var app = AppDriver.at(state)
        app.send(.ruleChanged(nil))
        #expect(app.send(.startRequested) == [.info("tensorboard: waiting for its ingress rule")])
        #expect(app.state == .waiting && app.machine.nextDeadline == nil)
        #expect(app.send(.ruleChanged(.second)) == [.launch(.second)])
    }

    @Test func aStartForgivesTheRestartsBeforeIt() throws {
        var app = AppDriver(.tensorBoard(maxRestarts: 2))
        app.start()
        for _ in 0..<2 {
            app.send(.exited(.exited(code: 1)))
            app.comeBack()
        }
        app.send(.exited(.exited(code: 1)))
        #expect(app.state == .failed)
        #expect(app.send(.startRequested) == [.launch(.first)])
        app.send(.launched(pid: 101))
        app.send(.exited(.exited(code: 1)))
        #expect(app.state == .backingOff && app.machine.restarts == 1)
        #expect(try #require(app.untilDeadline) <= .milliseconds(500))
    }

    // MARK: Stop

    @Test(arguments: [
        Case(state: .waiting, next: .stopped),
        Case(state: .starting, next: .stopping, signals: true),
        Case(state: .ready, next: .stopping, signals: true),
        Case(state: .unready, next: .stopping, signals: true),
        Case(state: .stopping, next: .stopping),
        Case(state: .stopped, next: .stopped),
        Case(state: .backingOff, next: .stopped),
    ])
    func stopsWhateverItDoes(what: Case) {
        var app = AppDriver.at(what.state)
        let effects = app.send(.stopRequested(isShutdown: false))
        #expect(
            effects.actions.filter { $0 != .abandonCheck } == (what.signals ? term : what.idleEnd ? stoppedIdle : []))
        #expect(app.state == what.next)
        if app.state == .stopping {
            app.send(.exited(.signaled(.terminate)))
            app.send(.surveyed(remaining: 0))
        }
        #expect(app.state == .stopped && app.machine.nextDeadline == nil)
        if what.state != .stopped { #expect(app.machine.history.reason == "stopped on request") }
        // Until it is started again.
        #expect(app.send(.ruleChanged(nil)) + app.send(.ruleChanged(.second)) + app.pass(.seconds(3600)) == [])
        #expect(app.send(.startRequested) == [.launch(.second)])
    }

    @Test func whatHasFailedIsNotStopped() {
        var app = AppDriver.at(.failed)
        #expect(app.send(.stopRequested(isShutdown: false)) == [])
        #expect(app.machine.pid == nil)
    }

    /// It says that of an app that somebody stopped, and of no app that ends with everything else.
    @Test(arguments: [AppState.waiting, .starting, .ready, .unready, .backingOff])
    func aShutdownIsNoRequest(state: AppState) {
        var app = AppDriver.at(state)
        app.send(.stopRequested(isShutdown: true))
        if app.state == .stopping {
            app.send(.exited(.signaled(.terminate)))
            app.send(.surveyed(remaining: 0))
        }
        #expect(app.state == .stopped && app.machine.history.reason == nil)
    }

    // MARK: Restart

    @Test(arguments: [
        Case(state: .waiting, next: .waiting),
        Case(state: .starting, next: .stopping, signals: true),
        Case(state: .ready, next: .stopping, signals: true),
        Case(state: .unready, next: .stopping, signals: true),
        Case(state: .stopping, next: .stopping),
        Case(state: .stopped, next: .starting, launches: true),
        Case(state: .backingOff, next: .starting, launches: true),
        Case(state: .failed, next: .starting, launches: true),
    ])
    func restartsWhatRunsAndStartsTheRest(what: Case) {
        var app = AppDriver.at(what.state)
        check(app.send(.restartRequested), of: app, what)
        if app.state == .stopping {
            app.send(.exited(.signaled(.terminate)))
            #expect(app.send(.surveyed(remaining: 0)) == [.launch(.first)])
            #expect(app.machine.restarts == 0)
        }
    }

    @Test func aRestartIsCountedAsALaunchAndNotAgainstTheApp() {
        var app = AppDriver(.tensorBoard(maxRestarts: 1))
        app.startAndBecomeReady()
        for number in 1...5 {
            app.restart(pid: 100 + Int32(number))
            app.becomeReady()
            #expect(app.machine.history.launches == number + 1)
        }
        #expect(app.machine.history.lastExit == .signaled(.terminate))
        #expect(app.machine.restarts == 0)
    }

    @Test func aRestartTellsWhatItLoses() {
        var policy = AppPolicy.tensorBoard()
        policy.writesRuntimeFiles = true
        var app = AppDriver(policy)
        app.startAndBecomeReady()
        #expect(app.send(.restartRequested).actions == [.tellLosses] + term)
    }

    @Test func aStopDuringARestartIsTheEnd() {
        var app = AppDriver.at(.ready)
        app.send(.restartRequested)
        app.send(.stopRequested(isShutdown: false))
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
        #expect(app.state == .stopped && app.machine.history.reason == "stopped on request")
    }

    // MARK: What it shows

    @Test func historyKnowsWhySinceWhenAndHowItEnded() {
        var app = AppDriver()
        #expect(app.machine.history.since == nil)
        app.startAndBecomeReady()
        let readyAt = app.now
        app.pass(.seconds(5), answering: .answered(status: 200))
        #expect(app.machine.history.since == readyAt)
        app.failTwoChecks(.answered(status: 503))
        #expect(app.machine.history.since == app.now)
        #expect(app.machine.history.reason == "it answers 503 at /ingress/first/data/environment")
        app.send(.exited(.exited(code: 3)))
        #expect(app.machine.history.lastExit == .exited(code: 3) && app.machine.history.lastExitAt == app.now)
        #expect(app.machine.history.reason?.hasPrefix("exited with code 3 after ") == true)
        app.comeBack()
        #expect(app.machine.history.reason == nil && app.machine.history.launches == 2)
    }

    @Test func historyKnowsWhyItCouldNotBeStarted() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        app.send(.launchFailed(.portBusy(port: 6006, holder: "nginx (pid 9)")))
        #expect(app.machine.history.reason == "port 6006 is in use by nginx (pid 9)")
        app.passToDeadline()
        app.send(.launchFailed(.notFound("there is no tensorboard")))
        #expect(app.state == .failed && app.machine.history.reason == "there is no tensorboard")
    }

    /// Table row by row.
    private func check(_ effects: [AppEffect], of app: AppDriver, _ what: Case) {
        #expect(app.state == what.next)
        #expect(effects.contains(.signal(.terminate, .group)) == what.signals)
        #expect(effects.contains(.launch(.first)) == what.launches)
        #expect(!effects.hasEnd)
    }
}

extension AppMachineControlTests.Case {
    /// Whether it is over without anything that has to end first.
    fileprivate var idleEnd: Bool { next == .stopped && state != .stopped }
}

extension AppDriver {
    /// Somebody has it started again, and it is.
    mutating func restart(pid: Int32) {
        send(.restartRequested)
        send(.exited(.signaled(.terminate)))
        #expect(send(.surveyed(remaining: 0)).hasLaunch)
        send(.launched(pid: pid))
    }
}
