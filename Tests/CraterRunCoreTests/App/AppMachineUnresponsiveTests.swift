import CraterRunCore
import Testing

/// How soon an app that answers no more counts as unready, and `--restart-unresponsive`.
struct AppMachineUnresponsiveTests {
    private static func policy(_ limit: Duration?) -> AppPolicy {
        var policy = AppPolicy.tensorBoard()
        policy.restartUnresponsive = limit
        return policy
    }

    private let silence = CheckOutcome.silent(reason: "nobody listens at its port")

    @Test func anAppThatStaysUnreadyIsStartedAgain() {
        var app = AppDriver(Self.policy(.seconds(300)))
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(!app.pass(.milliseconds(299_999), answering: silence).contains(.signal(.terminate, .group)))
        #expect(app.state == .unready)
        let effects = app.pass(.milliseconds(1), answering: silence)
        #expect(effects.contains(.signal(.terminate, .group)) && app.state == .stopping)
        #expect(
            effects.messages.contains(
                "tensorboard: it was not ready for 5 min (--restart-unresponsive): starting it again"))
        app.send(.exited(.signaled(.terminate)))
        app.send(.surveyed(remaining: 0))
        // As after a crash: it counts, and waits its time.
        #expect(app.machine.restarts == 1)
        app.comeBack()
        app.becomeReady()
    }

    @Test func oneThatRecoversInTimeIsNot() {
        var app = AppDriver(Self.policy(.seconds(300)))
        app.startAndBecomeReady()
        for _ in 0..<3 {
            app.failTwoChecks()
            app.pass(.seconds(298), answering: silence)
            #expect(app.state == .unready)
            app.pass(.seconds(1), answering: .answered(status: 200))
            #expect(app.state == .ready)
            #expect(!app.pass(.seconds(3600), answering: .answered(status: 200)).contains(.signal(.terminate, .group)))
        }
        #expect(app.machine.history.launches == 1)
    }

    @Test func theTimeBeginsAnewWithEachRun() {
        var app = AppDriver(Self.policy(.seconds(300)))
        app.startAndBecomeReady()
        app.failTwoChecks()
        app.pass(.seconds(200), answering: silence)
        app.send(.exited(.exited(code: 1)))
        app.comeBack()
        app.becomeReady()
        app.failTwoChecks()
        app.pass(.seconds(200), answering: silence)
        #expect(app.state == .unready)
    }

    @Test func anAppThatIsStartingHasAllTheTimeItNeeds() {
        var app = AppDriver(Self.policy(.seconds(1)))
        app.start()
        #expect(!app.pass(.seconds(3600), answering: silence).contains(.signal(.terminate, .group)))
        #expect(app.state == .starting)
    }

    @Test func withoutTheOptionItIsLeftToRecover() {
        var app = AppDriver(Self.policy(nil))
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(!app.pass(.seconds(50_000), answering: silence).contains(.signal(.terminate, .group)))
        #expect(app.state == .unready)
    }

    @Test func itTellsWhatIsLostAndStopsAtTheMostRestarts() {
        var policy = Self.policy(.seconds(60))
        policy.writesRuntimeFiles = true
        policy.maxRestarts = 0
        var app = AppDriver(policy)
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(app.pass(.seconds(60), answering: silence).contains(.tellLosses))
        app.send(.exited(.signaled(.terminate)))
        #expect(app.send(.surveyed(remaining: 0)).hasEnd)
        #expect(app.state == .failed)
    }

    // MARK: How soon

    private static func readiness(_ interval: Duration) -> ReadinessPolicy {
        ReadinessPolicy(path: "/", interval: interval)
    }

    /// From a good answer: the pause, a check that times out, a second, another that times out.
    @Test(arguments: [10, 15, 30, 60, 3600])
    func twoChecksThatTimeOutEndWithinTheInterval(seconds: Int) {
        let interval = Duration.seconds(seconds)
        let pause = Self.readiness(interval).pause
        let verdict = pause + AppTiming.checkTimeout + AppTiming.slowInterval + AppTiming.checkTimeout
        #expect(pause > .zero && verdict <= interval)
    }

    @Test(arguments: [100, 1000, 4000, 8000])
    func aShortIntervalIsAskedFourTimesAsOften(milliseconds: Int) {
        let interval = Duration.milliseconds(milliseconds)
        #expect(Self.readiness(interval).pause == interval / 4)
    }

    /// The same by the machine itself: silence that takes the whole timeout to be noticed.
    @Test(arguments: [10, 30])
    func anAppThatHangsIsUnreadyWithinTheInterval(seconds: Int) {
        let readiness = TensorBoard().readiness.every(.seconds(seconds))
        var app = AppDriver(.tensorBoard(readiness: readiness))
        app.startAndBecomeReady()
        let start = app.now
        for _ in 0..<2 {
            #expect(app.passToDeadline().hasCheck)
            app.pass(AppTiming.checkTimeout)
            app.send(.checked(.silent(reason: "no answer within 3 s")))
        }
        #expect(app.state == .unready)
        #expect(start.duration(to: app.now) <= .seconds(seconds))
    }
}
