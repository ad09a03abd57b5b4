import CraterRunCore
import Testing

struct AppMachineLaunchTests {
    struct Hopeless: Sendable {
        let failure: LaunchFailure
        let code: Int32
    }

    @Test(arguments: [
        Hopeless(failure: .notFound("there is none"), code: 127),
        Hopeless(failure: .notExecutable("permission denied"), code: 126),
        Hopeless(failure: .misconfigured("--port 1 contradicts the rule"), code: 64),
    ])
    func failsAtOnceWhereNoOtherTryCouldHelp(_ hopeless: Hopeless) {
        var app = AppDriver(.tensorBoard(restart: .always))
        app.send(.ruleChanged(.first))
        #expect(
            app.send(.launchFailed(hopeless.failure)) == [
                .error("cannot start tensorboard: \(hopeless.failure.reason)"),
                .ended(.failed(exitCode: hopeless.code)),
            ]
        )
        #expect(app.state == .failed)
        #expect(app.machine.nextDeadline == nil)
        #expect(app.machine.restarts == 0)
    }

    struct Passing: Sendable {
        let failure: LaunchFailure
        let message: String
    }

    @Test(arguments: [
        Passing(
            failure: .portBusy(port: 6006, holder: "python (pid 7)"),
            message: "cannot start tensorboard: port 6006 is in use by python (pid 7); trying again until it can"
        ),
        Passing(
            failure: .portBusy(port: 6006, holder: nil),
            message: "cannot start tensorboard: port 6006 is in use by a process that cannot be seen from here "
                + "(perhaps in another container of the pod); trying again until it can"
        ),
        Passing(
            failure: .temporary("posix_spawn: Resource temporarily unavailable"),
            message:
                "cannot start tensorboard: posix_spawn: Resource temporarily unavailable; trying again until it can"
        ),
    ])
    func triesForEverWhereNobodyIsAtFaultAndSaysItOnce(_ passing: Passing) {
        var app = AppDriver(.tensorBoard(maxRestarts: 0))
        app.send(.ruleChanged(.first))
        #expect(app.send(.launchFailed(passing.failure)) == [.error(passing.message)])
        for _ in 0..<100 {
            #expect(app.state == .backingOff)
            #expect(app.machine.restarts == 0)
            #expect(app.passToDeadline() == [.launch(.first)])
            #expect(app.send(.launchFailed(passing.failure)) == [])
        }
        app.passToDeadline()
        #expect(app.send(.launched(pid: 100)).messages.count == 1)
        #expect(app.state == .starting)
    }

    @Test func looksAtABusyPortEveryFiveSecondsAtTheLeast() throws {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        var delays: [Duration] = []
        for _ in 0..<10 {
            app.send(.launchFailed(.portBusy(port: 6006, holder: nil)))
            delays.append(try #require(app.untilDeadline))
            app.passToDeadline()
        }
        #expect(delays[0] <= .milliseconds(500))
        #expect(delays.allSatisfy { $0 <= AppTiming.longestPortWait })
        #expect(delays.suffix(3).allSatisfy { $0 >= .seconds(4) })
    }

    @Test func beginsWithShortWaitsForAPortAgainAfterAStart() throws {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        for _ in 0..<6 {
            app.send(.launchFailed(.portBusy(port: 6006, holder: nil)))
            app.passToDeadline()
        }
        app.send(.launched(pid: 100))
        app.send(.exited(.exited(code: 1)))
        app.passToDeadline()
        app.send(.launchFailed(.portBusy(port: 6006, holder: nil)))
        let delay = try #require(app.untilDeadline)
        #expect(delay <= .milliseconds(500))
    }

    @Test func saysThatAPortIsBusyAgainAfterItWasRunning() {
        let busy = LaunchFailure.portBusy(port: 6006, holder: "python (pid 7)")
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        #expect(app.send(.launchFailed(busy)).messages.count == 1)
        app.passToDeadline()
        app.send(.launched(pid: 100))
        app.send(.exited(.exited(code: 1)))
        app.passToDeadline()
        #expect(app.send(.launchFailed(busy)).messages.count == 1)
    }

    @Test func saysWhenTheHolderOfItsPortIsAnother() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        #expect(app.send(.launchFailed(.portBusy(port: 6006, holder: "a (pid 7)"))).messages.count == 1)
        app.passToDeadline()
        #expect(app.send(.launchFailed(.portBusy(port: 6006, holder: "b (pid 8)"))).messages.count == 1)
    }

    @Test func ignoresAnswersToALaunchThatItDidNotAskFor() {
        var app = AppDriver()
        #expect(app.send(.launched(pid: 100)) == [])
        #expect(app.send(.launchFailed(.notFound("nothing"))) == [])
        #expect(app.state == .waiting)
        app.start()
        #expect(app.send(.launched(pid: 101)) == [])
        #expect(app.send(.launchFailed(.notFound("nothing"))) == [])
        #expect(app.machine.pid == 100)
        #expect(app.state == .starting)
    }

    // MARK: A launch that takes its time

    @Test(arguments: [true, false])
    func isStoppedInTheMiddleOfALaunch(isShutdown: Bool) {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        #expect(
            app.send(.stopRequested(isShutdown: isShutdown)) == [
                .abandonLaunch, .ended(.stopped(status: nil, byOurSignal: false)),
            ])
        #expect(app.state == .stopped && app.machine.isStoppedByRequest == !isShutdown)
        // An answer that is late meets nobody.
        #expect(app.send(.launched(pid: 100)) == [])
        #expect(app.machine.pid == nil)
    }

    @Test func isKilledInTheMiddleOfALaunch() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        #expect(app.send(.killRequested).actions.first == .abandonLaunch)
        #expect(app.state == .stopped)
    }

    @Test func saysOnceWhatItsLaunchWaitsFor() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        let complaint = "/mnt/dead does not answer (a dead network mount?)"
        let said = [AppEffect.warning("tensorboard is not started yet: \(complaint); waiting for it")]
        #expect(app.send(.launchStalled(what: "/mnt/dead")) == said)
        #expect(app.send(.launchStalled(what: "/mnt/dead")) == [])
        #expect(app.state == .starting && app.machine.history.reason == complaint)
        #expect(app.send(.launchStalled(what: "/mnt/other")).messages.count == 1)
        app.send(.launched(pid: 100))
        #expect(app.machine.history.reason == nil)
        #expect(app.send(.launchStalled(what: "/mnt/dead")) == [])
    }

    @Test func aRestartOfALaunchUnderWayIsThatLaunch() {
        var app = AppDriver()
        app.send(.ruleChanged(.first))
        #expect(app.send(.restartRequested) == [])
        #expect(app.state == .starting)
    }
}
