import CraterRunCore
import Testing

struct AppMachineLifeTests {
    @Test func goesThroughItsWholeLife() {
        var app = AppDriver()
        #expect(app.state == .waiting)
        #expect(app.machine.nextDeadline == nil)

        #expect(app.send(.ruleChanged(.first)) == [.launch(.first)])
        #expect(app.state == .starting)
        #expect(
            app.send(.launched(pid: 100)) == [
                .info("tensorboard: started as pid 100 at port 6006, path /ingress/first/")
            ]
        )
        #expect(app.machine.pid == 100)
        #expect(app.machine.servedRule == .first)

        #expect(app.pass(.milliseconds(100)) == [.check(.first, attributing: true)])
        #expect(app.send(.checked(.silent(reason: "nobody listens at its port"))) == [])
        #expect(app.state == .starting)
        #expect(app.pass(.milliseconds(100)) == [.check(.first, attributing: true)])
        #expect(
            app.send(.checked(.answered(status: 200))) == [.info("tensorboard: ready after 0.2 s at /ingress/first/")]
        )
        #expect(app.state == .ready)

        #expect(app.pass(.seconds(10)) == [.check(.first, attributing: false)])
        #expect(app.send(.checked(.answered(status: 503))) == [])
        #expect(app.state == .ready)
        #expect(app.pass(.seconds(1)) == [.check(.first, attributing: false)])
        #expect(
            app.send(.checked(.answered(status: 503))) == [
                .warning("tensorboard is no longer ready: it answers 503 at /ingress/first/data/environment")
            ]
        )
        #expect(app.state == .unready)
        #expect(app.pass(.seconds(1)) == [.check(.first, attributing: true)])
        #expect(app.send(.checked(.answered(status: 200))) == [.info("tensorboard: ready again at /ingress/first/")])
        #expect(app.state == .ready)

        #expect(app.send(.exited(.signaled(.kill))).actions == [.signal(.kill, .tree)])
        #expect(app.state == .backingOff)
        #expect(app.machine.pid == nil)
        #expect(app.machine.servedRule == nil)
        #expect(app.passToDeadline() == [.launch(.first)])
        app.send(.launched(pid: 101))
        app.becomeReady()

        #expect(
            app.send(.stopRequested(isShutdown: false)) == [
                .info("tensorboard: stopping (SIGTERM, SIGKILL after 10 s)"),
                .signal(.terminate, .group), .signal(.resume, .group),
            ]
        )
        #expect(app.state == .stopping)
        #expect(app.send(.exited(.exited(code: 0))) == [.survey])
        #expect(
            app.send(.surveyed(remaining: 0)) == [
                .info("tensorboard: exited with code 0 after 0.1 s"),
                .ended(.stopped(status: .exited(code: 0), byOurSignal: false)),
            ]
        )
        #expect(app.state == .stopped)
        #expect(app.machine.nextDeadline == nil)
    }

    @Test func saysHowItEndedAndWhatHappensNext() {
        var app = AppDriver(.tensorBoard(maxRestarts: 5))
        app.startAndBecomeReady()
        app.pass(.seconds(90), answering: .answered(status: 200))
        let messages = app.send(.exited(.signaled(.kill))).messages
        #expect(messages.count == 1)
        #expect(
            messages[0].hasPrefix(
                "tensorboard: was killed by SIGKILL after 1 min 30 s (pid 100); starting it again in "))
        #expect(messages[0].hasSuffix(" (restart 1 of 5)"))
    }

    @Test func hasNothingDueWhereItWaitsForOthers() {
        var waiting = AppDriver()
        #expect(waiting.machine.nextDeadline == nil)
        waiting.send(.stopRequested(isShutdown: true))
        #expect(waiting.state == .stopped)
        #expect(waiting.machine.nextDeadline == nil)

        var failed = AppDriver()
        failed.send(.ruleChanged(.first))
        failed.send(.launchFailed(.notFound("no such program")))
        #expect(failed.state == .failed)
        #expect(failed.machine.nextDeadline == nil)
    }

    @Test func takesATickThatIsTooEarlyForNothing() {
        var app = AppDriver()
        app.start()
        let due = app.machine.nextDeadline
        #expect(app.send(.tick) == [])
        #expect(app.machine.nextDeadline == due)
    }

    @Test func passesTheUsersSignalToItsFirstProcessWhileThereIsOne() {
        let usr1 = Signal(number: 10)
        var app = AppDriver()
        #expect(app.send(.forward(usr1)) == [])
        app.start()
        #expect(app.send(.forward(usr1)) == [.signal(usr1, .leader)])
        app.becomeReady()
        #expect(app.send(.forward(usr1)) == [.signal(usr1, .leader)])
        app.send(.stopRequested(isShutdown: true))
        #expect(app.send(.forward(usr1)) == [.signal(usr1, .leader)])
        app.send(.exited(.exited(code: 0)))
        #expect(app.send(.forward(usr1)) == [])
        app.send(.surveyed(remaining: 0))
        #expect(app.send(.forward(usr1)) == [])
    }
}
