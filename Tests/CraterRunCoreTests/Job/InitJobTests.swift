import CraterRunCore
import Testing

/// The job's start and end.
struct InitJobTests {
    @Test func startsTheJobAtOnceAndTheSupervisorAMomentLater() {
        var story = InitDriver()
        #expect(story.send(.started) == [.launchJob])
        #expect(story.send(.jobForked) == [])
        #expect(story.untilDeadline == .milliseconds(50))
        #expect(story.send(.jobLaunched) == [])
        #expect(story.untilDeadline == .milliseconds(50))
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 1)])
        #expect(story.send(.supervisorLaunched) == [])
        // Idle: nothing wakes it.
        #expect(story.untilDeadline == nil)
    }

    @Test func startsNoSupervisorBesideAJobThatHasEndedByThen() {
        var story = InitDriver()
        story.startJob()
        story.pass(.milliseconds(49))
        #expect(story.endJob() == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(0)])
    }

    @Test func startsNoSupervisorWhereNoneIsWanted() {
        var story = InitDriver { $0.hasSupervisor = false }
        story.startJob()
        #expect(story.untilDeadline == nil)
        #expect(story.endJob(.exited(code: 3)) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(3)])
    }

    @Test(arguments: 0...255 as ClosedRange<Int32>) func endsWithTheJobsCode(_ code: Int32) {
        var story = InitDriver()
        story.startJob()
        story.endJob(.exited(code: code))
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(code)])
    }

    @Test(arguments: 1...64 as ClosedRange<Int32>) func endsWith128AndTheSignalThatKilledTheJob(_ number: Int32) {
        var story = InitDriver()
        story.startJob()
        story.endJob(.signaled(Signal(number: number)))
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(128 + number)])
    }

    @Test func endsWith1WhereTheStatusIsLost() {
        var story = InitDriver()
        story.startJob()
        story.endJob(.unknown)
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(1)])
    }

    // MARK: A job that cannot be started

    struct Failure: Sendable {
        let failure: LaunchFailure
        let code: Int32
    }

    @Test(arguments: [
        Failure(failure: .notFound("there is no x on PATH"), code: 127),
        Failure(failure: .notExecutable("cannot execute /etc: Permission denied"), code: 126),
    ])
    func endsAtOnceWhereAnotherTryCannotHelp(_ failed: Failure) {
        var story = InitDriver()
        story.send(.started)
        #expect(
            story.send(.jobLaunchFailed(failed.failure)) == [
                .log(LogEntry(.error, "cannot start the job: \(failed.failure.reason)")), .exit(failed.code),
            ]
        )
        #expect(story.untilDeadline == nil)
    }

    @Test func triesAgainForEverWhereTheHostRefusesForNow() {
        var story = InitDriver()
        story.send(.started)
        var delays: [Duration] = []
        for _ in 0..<12 {
            let effects = story.send(.jobLaunchFailed(.temporary("execve /x: Cannot allocate memory")))
            #expect(effects.count == 1)
            #expect(
                effects.messages.first?.hasPrefix(
                    "cannot start the job: execve /x: Cannot allocate memory; trying again in ") == true)
            delays.append(story.untilDeadline ?? .zero)
            #expect(story.passToDeadline() == [.launchJob])
            #expect(story.untilDeadline == nil)
        }
        #expect((Duration.milliseconds(400)...Duration.milliseconds(500)).contains(delays[0]))
        #expect((Duration.seconds(48)...Duration.seconds(60)).contains(delays[11]))
        story.send(.jobForked)
        #expect(story.send(.jobLaunched) == [])
        #expect(story.untilDeadline == .milliseconds(50))
    }

    // MARK: A terminal that hangs up while the job is started

    @Test func startsWithoutTheTerminalThatItCouldNotHave() {
        var story = InitDriver()
        story.send(.started)
        story.send(.jobForked)
        #expect(story.send(.jobLostTerminal) == [.launchJobInBackground])
        #expect(story.send(.jobForked) == [])
        #expect(story.send(.jobLaunched) == [])
    }

    @Test(arguments: [Signal.hangup, .terminate, .interrupt])
    func startsNoSecondTimeWhereItWasToldToEndMeanwhile(signal: Signal) {
        var story = InitDriver()
        story.send(.started)
        story.send(.jobForked)
        #expect(story.signal(signal).contains(.signalJob(signal, group: false)))
        #expect(story.send(.jobLostTerminal) == [.exit(128 + signal.number)])
    }

    private static func alone(_ reason: String) -> [InitEffect] {
        let message = "cannot start the job beside crater-run: \(reason); running it alone, without any app"
        return [.log(LogEntry(.error, message)), .becomeJob]
    }

    /// A limit of processes: without crater-run the job would have run, since it would have been exec'd.
    @Test func becomesTheJobWhereTheHostGrantsItNoProcessForThreeSeconds() {
        var story = InitDriver()
        story.send(.started)
        let failed = InitEvent.jobLaunchFailed(.temporary("fork: no more processes"), refusal: .forNow)
        var tries = 1
        var effects = story.send(failed)
        while effects.actions.isEmpty {
            #expect(effects.messages.first?.contains("; trying again in ") == true && effects.count == 1)
            #expect(story.passToDeadline() == [.launchJob])
            effects = story.send(failed)
            tries += 1
        }
        #expect(effects == Self.alone("fork: no more processes"))
        // To the moment, although the delays grow past it.
        #expect(story.elapsed == .seconds(3))
        #expect((4...5).contains(tries))
    }

    @Test func becomesTheJobAtOnceWhereTheHostForbidsWhatItTakes() {
        var story = InitDriver()
        story.send(.started)
        let failed = InitEvent.jobLaunchFailed(.notExecutable("fork: Operation not permitted"), refusal: .forGood)
        #expect(story.send(failed) == Self.alone("fork: Operation not permitted"))
        // Also where the first tries met a limit alone, and where a child got further than fork(2).
        story = InitDriver()
        story.send(.started)
        story.send(.jobLaunchFailed(.temporary("x"), refusal: .forNow))
        story.passToDeadline()
        story.send(.jobForked)
        #expect(story.send(failed) == Self.alone("fork: Operation not permitted"))
    }

    @Test func whatIsNotForWantOfAProcessIsNoReasonToBecomeIt() {
        var story = InitDriver()
        story.send(.started)
        for refusal in [ProcessRefusal.forNow, .forNow, nil, .forNow, nil] {
            let effects = story.send(.jobLaunchFailed(.temporary("x"), refusal: refusal))
            #expect(effects.messages.first?.contains("; trying again in ") == true)
            #expect(story.passToDeadline() == [.launchJob])
        }
    }

    // MARK: A job whose program has yet to be executed

    @Test func whatComesMeanwhileIsPassedOnAtOnce() {
        var story = InitDriver()
        story.send(.started)
        story.send(.jobForked)
        #expect(story.signal(Signal(number: 10)) == [.signalJob(Signal(number: 10), group: false)])
        let effects = story.signal(.terminate)
        #expect(effects.actions == [.signalJob(.terminate, group: false)])
        #expect(effects.messages == ["SIGTERM received, and passed on to the job"])
        #expect(story.send(.jobLaunched) == [])
        #expect(story.endJob(.signaled(.terminate)) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(143)])
    }

    /// A dead file system.
    @Test func theAppsDoNotWaitForIt() {
        var story = InitDriver()
        story.send(.started)
        story.send(.jobForked)
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 1)])
        story.send(.supervisorLaunched)
        // It answers after an hour, and another try may help.
        story.pass(.seconds(3600))
        #expect(story.send(.jobLaunchFailed(.temporary("input/output error"))).actions == [])
        #expect(story.passToDeadline() == [.launchJob])
        story.send(.jobForked)
        #expect(story.untilDeadline == nil)
    }

    @Test func thereAreNoAppsBesideOneThatFailsBeforeTheirTime() {
        var story = InitDriver()
        story.send(.started)
        story.send(.jobForked)
        story.pass(.milliseconds(1))
        #expect(story.send(.jobLaunchFailed(.temporary("text file busy"))).actions == [])
        #expect(story.passToDeadline() == [.launchJob])
        story.send(.jobForked)
        #expect(story.untilDeadline == .milliseconds(50))
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 1)])
    }

    @Test(arguments: [Signal.terminate, .interrupt, .hangup, .quit])
    func aSignalMeanwhileEndsTheTrying(_ signal: Signal) {
        for refusal in [ProcessRefusal.forNow, .forGood, nil] {
            var story = InitDriver()
            story.send(.started)
            story.send(.jobForked)
            story.signal(signal)
            #expect(
                story.send(.jobLaunchFailed(.temporary("text file busy"), refusal: refusal))
                    == [.exit(128 + signal.number)])
        }
        var story = InitDriver()
        story.send(.started)
        story.send(.jobForked)
        story.signal(signal)
        #expect(story.send(.jobLaunchFailed(.notFound("x"))).actions == [.exit(127)])
    }

    // MARK: Signals before there is a process

    @Test(arguments: [Signal.terminate, .interrupt, .hangup, .quit])
    func aSignalEndsTheTrying(_ signal: Signal) {
        var story = InitDriver()
        story.send(.started)
        story.send(.jobLaunchFailed(.temporary("no memory")))
        #expect(story.signal(signal) == [.exit(128 + signal.number)])
    }

    @Test func aSignalThatWasIgnoredAtOurStartDoesNotEndTheTrying() {
        var story = InitDriver()
        story.send(.started)
        story.send(.jobLaunchFailed(.temporary("no memory")))
        #expect(story.send(.signal(.hangup, isIgnored: true)) == [])
    }

    @Test func whatCameBeforeTheJobIsPassedOnToIt() {
        var story = InitDriver { $0.signalGroup = true }
        story.send(.started)
        story.send(.jobLaunchFailed(.temporary("no memory")))
        for number in [40, 10, 40, 13, 17] as [Int32] { #expect(story.signal(Signal(number: number)) == []) }
        story.passToDeadline()
        #expect(story.send(.jobForked) == [])
        #expect(
            story.send(.jobLaunched) == [40, 10, 40].map { .signalJob(Signal(number: $0), group: true) })
        // Once.
        story.pass(.seconds(1))
        #expect(story.send(.jobLaunched) == [])
    }
}
