import CraterRunCore
import Testing

struct ForegroundSignalTests {
    private static let stopping: [SupervisorEffect] = [
        .app(.signal(.terminate, .group)), .app(.signal(.resume, .group)),
    ]

    struct Stop: Sendable {
        let signal: Signal
        let code: Int32
    }

    static let stops = [
        Stop(signal: .terminate, code: 143), Stop(signal: .interrupt, code: 130), Stop(signal: .hangup, code: 129),
        Stop(signal: .quit, code: 131),
    ]

    @Test(arguments: stops)
    func stopsTheAppAndEndsWith128AndTheSignalThatItGot(_ stop: Stop) {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        let effects = serving.send(.signal(stop.signal))
        #expect(effects.messages.first == "\(stop.signal) received")
        #expect(effects.actions == Self.stopping)
        #expect(serving.untilDeadline == .seconds(5))
        #expect(serving.end(.signaled(.terminate)).actions == [.exit(stop.code)])
    }

    @Test func takesTheSameSignalWithinAnInstantForAnEcho() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.send(.signal(.terminate))
        serving.pass(.milliseconds(99))
        #expect(serving.send(.signal(.terminate)) == [])
        #expect(serving.send(.signal(.interrupt)).actions == [.app(.signal(.kill, .tree))])
    }

    @Test func skipsTheWaitAtTheSameSignalALittleLater() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.send(.signal(.terminate))
        serving.pass(.milliseconds(100))
        #expect(serving.send(.signal(.terminate)).actions == [.app(.signal(.kill, .tree))])
    }

    @Test(arguments: stops)
    func endsAtOnceWhileItWaits(_ stop: Stop) {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        serving.read([])
        #expect(serving.send(.signal(stop.signal)).actions == [.exit(stop.code)])
        #expect(serving.supervisor.nextDeadline == nil)
    }

    @Test(arguments: stops)
    func endsAtOnceBeforeItHasReadAnyRule(_ stop: Stop) {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        #expect(serving.send(.signal(stop.signal)).actions == [.exit(stop.code)])
    }

    @Test(arguments: stops)
    func endsAtOnceWhileTheAppBacksOff(_ stop: Stop) {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.end(.exited(code: 1))
        #expect(serving.state == .backingOff)
        #expect(serving.send(.signal(stop.signal)).actions == [.exit(stop.code)])
        #expect(serving.supervisor.nextDeadline == nil)
    }

    @Test func stopsForGoodInTheMiddleOfARelaunch() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.read([.second])
        #expect(serving.send(.signal(.interrupt)).actions == [])
        #expect(serving.untilDeadline == .seconds(5))
        #expect(serving.end(.signaled(.terminate)).actions == [.exit(130)])
    }

    @Test func killsAtTheSecondSignalAndNamesTheFirstInItsExitCode() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.send(.signal(.interrupt))
        #expect(serving.send(.signal(.terminate)).actions == [.app(.signal(.kill, .tree))])
        #expect(serving.send(.signal(.terminate)).actions == [])
        #expect(serving.end(.signaled(.kill)).actions == [.exit(130)])
    }

    @Test func killsAtTheTimeoutAndEndsWithTheSignalThatItGot() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.send(.signal(.terminate))
        #expect(serving.passToDeadline().actions == [.app(.signal(.kill, .tree))])
        #expect(serving.end(.signaled(.kill)).actions == [.exit(143)])
    }

    struct End: Sendable {
        let status: ExitStatus
        let code: Int32
    }

    @Test(arguments: [
        End(status: .exited(code: 0), code: 0),
        End(status: .exited(code: 3), code: 3),
        End(status: .exited(code: 255), code: 255),
        End(status: .signaled(.terminate), code: 143),
        End(status: .signaled(.kill), code: 143),
        End(status: .signaled(Signal(number: 11)), code: 139),
        End(status: .unknown, code: 1),
    ])
    func endsWithTheAppsOwnCodeUnlessOurSignalEndedIt(_ end: End) {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        serving.send(.signal(.terminate))
        #expect(serving.end(end.status).actions == [.exit(end.code)])
    }

    @Test(arguments: [
        End(status: .exited(code: 0), code: 0),
        End(status: .exited(code: 3), code: 3),
        End(status: .signaled(.kill), code: 137),
        End(status: .signaled(.terminate), code: 143),
    ])
    func endsWithTheAppWhereItIsNotToBeRestarted(_ end: End) {
        var serving = SupervisorDriver.foreground(policy: .tensorBoard(restart: .never))
        serving.startAndBecomeReady()
        #expect(serving.end(end.status).actions == [.app(.signal(.kill, .tree)), .exit(end.code)])
    }

    @Test(arguments: [
        End(status: .exited(code: 0), code: 1), End(status: .exited(code: 255), code: 255),
        End(status: .signaled(.kill), code: 137),
    ])
    func endsWithTheCodeOfTheLastCrash(_ end: End) {
        var serving = SupervisorDriver.foreground(policy: .tensorBoard(restart: .always, maxRestarts: 0))
        serving.startAndBecomeReady()
        #expect(
            serving.end(end.status).actions == [.app(.signal(.kill, .tree)), .app(.reportOutput), .exit(end.code)]
        )
    }

    @Test func endsWith127WhereThereIsNoProgram() {
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        serving.read([.first])
        #expect(serving.send(.app(.launchFailed(.notFound("nowhere")))).actions == [.exit(127)])
    }

    // MARK: A terminal

    @Test func stopsTheAppAndItselfAtCtrlZ() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        #expect(serving.send(.signal(.terminalStop)) == [.app(.signal(.stop, .group)), .suspend])
        #expect(serving.send(.signal(.resume)) == [.app(.signal(.resume, .group))])
        #expect(serving.state == .ready)
    }

    @Test func doesNotStopWhereNobodyCouldContinueIt() {
        var serving = SupervisorDriver.asProcessOne()
        serving.send(.started)
        #expect(serving.send(.signal(.terminalStop)) == [])
        serving.read([.first])
        serving.becomeReady()
        #expect(serving.send(.signal(.terminalStop)) == [])
    }

    // MARK: Other signals

    /// HUP, USR1, USR2, ALRM and such, and real-time ones; not glibc's own 32 and 33.
    @Test(arguments: [10, 12, 14, 24, 26, 27, 29, 30, 34, 35, 63, 64] as [Int32])
    func forwardsTheUsersSignals(_ number: Int32) {
        let signal = Signal(number: number)
        var serving = SupervisorDriver.foreground()
        serving.send(.started)
        #expect(serving.send(.signal(signal)) == [])
        serving.read([.first])
        serving.becomeReady()
        #expect(serving.send(.signal(signal)) == [.app(.signal(signal, .leader))])
    }

    @Test func forwardsEveryRealTimeSignalInOrder() {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        for number in [40, 34, 40, 40, 64] as [Int32] {
            let signal = Signal(number: number)
            #expect(serving.send(.signal(signal)) == [.app(.signal(signal, .leader))])
        }
    }

    @Test(
        arguments: [.child, .pipe, .terminalInput, .terminalOutput, Signal(number: 32), Signal(number: 33)] as [Signal])
    func keepsToItselfWhatIsMeantForIt(_ signal: Signal) {
        var serving = SupervisorDriver.foreground()
        serving.startAndBecomeReady()
        #expect(serving.send(.signal(signal)) == [])
        #expect(serving.state == .ready)
    }
}
