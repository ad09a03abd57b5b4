import CraterRunCore
import Testing

struct AppMachineReadinessTests {
    private let silence = CheckOutcome.silent(reason: "nobody listens at its port")
    private let ok = CheckOutcome.answered(status: 200)

    @Test func looksTenTimesASecondWhileItStartsAndOnceASecondAfterAMinute() {
        var app = AppDriver()
        app.start()
        #expect(app.pass(.seconds(50), answering: silence).checkCount == 500)
        app.pass(.seconds(10), answering: silence)
        #expect(app.pass(.seconds(60), answering: silence).checkCount == 60)
        #expect(app.state == .starting)
    }

    @Test func saysOnceThatAStartIsSlow() {
        var app = AppDriver()
        app.start()
        #expect(app.pass(.seconds(59), answering: silence).messages == [])
        #expect(
            app.pass(.seconds(600), answering: silence).messages == [
                "tensorboard: still not ready after 1 min: nobody listens at its port; waiting on"
            ]
        )
    }

    @Test func becomesReadyHoweverLateItAnswers() {
        var app = AppDriver()
        app.start()
        app.pass(.seconds(7200), answering: silence)
        app.becomeReady()
    }

    @Test func looksAtTheIntervalOfItsPolicyWhenReady() {
        var app = AppDriver(.tensorBoard(readiness: TensorBoard().readiness.every(.seconds(30))))
        app.startAndBecomeReady()
        // Two checks that time out end within the interval.
        #expect(app.untilDeadline == .seconds(22.5))
        #expect(app.pass(.seconds(225), answering: ok).actions.count == 10)
    }

    @Test func looksOnceASecondWhileItIsNotReady() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(app.state == .unready)
        let effects = app.pass(.seconds(60), answering: silence)
        #expect(effects.actions == Array(repeating: .check(.first, attributing: true), count: 60))
        #expect(effects.messages == [])
    }

    @Test func sleepsUntilTheCheckIsAnswered() {
        var app = AppDriver()
        app.start()
        #expect(app.passToDeadline() == [.check(.first, attributing: true)])
        #expect(app.machine.nextDeadline == nil)
        app.send(.checked(ok))
        #expect(app.untilDeadline == app.machine.policy.readiness.pause)
    }

    @Test func staysReadyAfterOneFailedCheck() {
        var app = AppDriver()
        app.startAndBecomeReady()
        for _ in 0..<5 {
            app.passToDeadline()
            #expect(app.send(.checked(silence)) == [])
            #expect(app.untilDeadline == .seconds(1))
            app.passToDeadline()
            #expect(app.send(.checked(ok)) == [])
            #expect(app.state == .ready)
            #expect(app.untilDeadline == app.machine.policy.readiness.pause)
        }
    }

    struct Status: Sendable {
        let status: Int
        let isReady: Bool
    }

    @Test(arguments: [
        Status(status: 200, isReady: true), Status(status: 204, isReady: true), Status(status: 301, isReady: true),
        Status(status: 399, isReady: true), Status(status: 199, isReady: false), Status(status: 400, isReady: false),
        Status(status: 401, isReady: false), Status(status: 404, isReady: false), Status(status: 500, isReady: false),
        Status(status: 503, isReady: false),
    ])
    func isReadyAtStatuses2xxAnd3xx(_ status: Status) {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        app.send(.checked(.answered(status: status.status)))
        #expect(app.state == (status.isReady ? .ready : .starting))
    }

    @Test func isReadyAtAStatusThatItsPolicyAccepts() {
        let policy = ReadinessPolicy(path: "", alsoAccepts: [401, 403], interval: .seconds(10))
        var app = AppDriver(.tensorBoard(readiness: policy))
        app.start()
        app.passToDeadline()
        app.send(.checked(.answered(status: 403)))
        #expect(app.state == .ready)
    }

    struct Complaint: Sendable {
        let outcome: CheckOutcome
        let message: String
    }

    @Test(arguments: [
        Complaint(
            outcome: .answered(status: 404),
            message: "tensorboard is not ready: it answers 404 at /ingress/first/data/environment"
        ),
        Complaint(
            outcome: .answeredByAnother(holder: "python (pid 7)"),
            message: "tensorboard is not ready: port 6006 is answered by python (pid 7), not by tensorboard"
        ),
        Complaint(
            outcome: .answeredByAnother(holder: nil),
            message: "tensorboard is not ready: port 6006 is answered by another process, not by tensorboard"
        ),
        Complaint(
            outcome: .loopbackOnly(port: 6006),
            message:
                "tensorboard is not ready: it listens at port 6006 on the loopback address alone, where the ingress "
                + "cannot reach it"
        ),
    ])
    func saysOnceAndAtOnceWhatIsWrongWithAnAnswer(_ complaint: Complaint) {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        #expect(app.send(.checked(complaint.outcome)) == [.warning(complaint.message)])
        #expect(app.state == .starting)
        #expect(app.pass(.seconds(10), answering: complaint.outcome).messages == [])
        #expect(app.state == .starting)
        app.becomeReady()
    }

    @Test func warnsOnceOfAListenerThatCannotBeSeenAndTakesItForItsOwn() {
        let outcome = CheckOutcome.answeredUnattributed(status: 200)
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        #expect(
            app.send(.checked(outcome)).first
                == .warning(
                    "tensorboard: cannot see which process answers at port 6006; assuming that it is the app")
        )
        #expect(app.state == .ready)
        app.failTwoChecks()
        #expect(app.state == .unready)
        app.passToDeadline()
        #expect(app.send(.checked(outcome)) == [.info("tensorboard: ready again at /ingress/first/")])
    }

    @Test func isNotReadyAtABadStatusOfAListenerThatCannotBeSeen() {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        app.send(.checked(.answeredUnattributed(status: 404)))
        #expect(app.state == .starting)
    }

    @Test func saysAgainWhatIsWrongWhenItComesBack() {
        var app = AppDriver()
        app.startAndBecomeReady()
        for _ in 0..<3 {
            app.passToDeadline()
            #expect(app.send(.checked(silence)) == [])
            app.passToDeadline()
            #expect(app.send(.checked(silence)).messages.count == 1)
            app.becomeReady()
        }
    }

    @Test func leavesOutACheckThatIsUnderWayWhenItEnds() {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        #expect(app.send(.exited(.exited(code: 1))).actions == [.abandonCheck, .signal(.kill, .tree)])
        #expect(app.send(.checked(ok)) == [])
        #expect(app.state == .backingOff)
        app.comeBack()
        // The answer to the last run's check must not make this one ready.
        #expect(app.send(.checked(ok)) == [])
        #expect(app.state == .starting)
    }

    @Test func leavesOutACheckThatIsUnderWayWhenItIsStopped() {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        #expect(
            app.send(.stopRequested(isShutdown: true)).actions
                == [.abandonCheck, .signal(.terminate, .group), .signal(.resume, .group)]
        )
        #expect(app.send(.checked(ok)) == [])
        #expect(app.state == .stopping)
    }

    @Test func ignoresAnAnswerThatWasNotAskedFor() {
        var app = AppDriver()
        #expect(app.send(.checked(ok)) == [])
        #expect(app.state == .waiting)
        app.start()
        #expect(app.send(.checked(ok)) == [])
        #expect(app.state == .starting)
    }

    // MARK: A part of the app that is dead for good

    @Test func startsTensorBoardAgainWhenItsDataServerHasDied() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.pass(.seconds(20), answering: ok)
        app.passToDeadline()
        #expect(app.send(.checked(.answered(status: 500))) == [])
        #expect(app.state == .ready)
        #expect(app.untilDeadline == .seconds(1))
        app.passToDeadline()
        #expect(
            app.send(.checked(.answered(status: 500))) == [
                .warning("tensorboard: no longer ready: it answers 500, so its data server has died"),
                .signal(.terminate, .group), .signal(.resume, .group),
            ]
        )
        #expect(app.state == .stopping)
        #expect(app.send(.exited(.exited(code: 0))) == [.survey])
        let messages = app.send(.surveyed(remaining: 0)).messages
        #expect(messages.count == 1)
        #expect(messages[0].hasPrefix("tensorboard: its data server has died; starting it again in "))
        #expect(messages[0].hasSuffix(" (restart 1)"))
        #expect(app.machine.restarts == 1)
        app.comeBack()
    }

    @Test func looksTwiceBeforeItTakesAPartForDead() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.passToDeadline()
        app.send(.checked(silence))
        app.passToDeadline()
        // The second failed check in a row, but the first that says so.
        app.send(.checked(.answered(status: 500)))
        #expect(app.state != .stopping)
        app.passToDeadline()
        app.send(.checked(ok))
        #expect(app.state == .ready)
        app.passToDeadline()
        app.send(.checked(.answered(status: 500)))
        app.passToDeadline()
        app.send(.checked(.answered(status: 500)))
        #expect(app.state == .stopping)
    }

    @Test func startsItAgainFromUnreadyToo() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks()
        #expect(app.state == .unready)
        app.failTwoChecks(.answered(status: 500))
        #expect(app.state == .stopping)
    }

    @Test func failsWhenAPartDiesTooOften() {
        var app = AppDriver(.tensorBoard(maxRestarts: 1))
        app.startAndBecomeReady()
        app.failTwoChecks(.answered(status: 500))
        app.send(.exited(.exited(code: 0)))
        app.send(.surveyed(remaining: 0))
        app.comeBack()
        app.becomeReady()
        app.failTwoChecks(.answered(status: 500))
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.surveyed(remaining: 0)).actions == [.reportOutput, .ended(.failed(exitCode: 1))])
        #expect(app.state == .failed)
    }

    @Test func doesNotStartItAgainWhereItIsNeverToBeRestarted() {
        var app = AppDriver(.tensorBoard(restart: .never))
        app.startAndBecomeReady()
        app.failTwoChecks(.answered(status: 500))
        #expect(app.state == .unready)
        let effects = app.pass(.seconds(60), answering: .answered(status: 500))
        #expect(effects.actions == Array(repeating: .check(.first, attributing: true), count: 60))
        app.becomeReady()
    }

    @Test func takesAFatalStatusForAStartWhileItStarts() {
        var app = AppDriver()
        app.start()
        app.pass(.milliseconds(1900), answering: .answered(status: 500))
        #expect(app.state == .starting)
        app.becomeReady()
    }

    @Test func startsAgainWhenAPartHasDiedBeforeItWasReady() {
        var app = AppDriver()
        app.start()
        let effects = app.pass(.seconds(2), answering: .answered(status: 500))
        #expect(app.state == .stopping)
        #expect(effects.contains(.signal(.terminate, .group)))
    }
}
