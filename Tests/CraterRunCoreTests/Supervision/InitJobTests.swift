import CraterRunCore
import Testing

/// The job's start and end.
struct InitJobTests {
    @Test func startsTheJobAtOnceAndTheSupervisorAMomentLater() {
        var story = InitDriver()
        #expect(story.send(.started) == [.launchJob])
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
            let effects = story.send(.jobLaunchFailed(.temporary("posix_spawn /x: Cannot allocate memory")))
            #expect(effects.count == 1)
            #expect(
                effects.messages.first?.hasPrefix(
                    "cannot start the job: posix_spawn /x: Cannot allocate memory; trying again in ") == true)
            delays.append(story.untilDeadline ?? .zero)
            #expect(story.passToDeadline() == [.launchJob])
            #expect(story.untilDeadline == nil)
        }
        #expect((Duration.milliseconds(400)...Duration.milliseconds(500)).contains(delays[0]))
        #expect((Duration.seconds(48)...Duration.seconds(60)).contains(delays[11]))
        #expect(story.send(.jobLaunched) == [])
        #expect(story.untilDeadline == .milliseconds(50))
    }

    /// A limit of processes: without crater-run the job would have run, since it would have been exec'd.
    @Test func becomesTheJobWhereTheHostGrantsItNoProcess() {
        var story = InitDriver()
        story.send(.started)
        let failed = InitEvent.jobLaunchFailed(.temporary("fork: no more processes"), noProcess: true)
        let message =
            "cannot start the job beside crater-run: fork: no more processes; running it alone, without any app"
        var passed = Duration.zero
        while passed < .seconds(3) {
            let effects = story.send(failed)
            #expect(effects.messages.first?.contains("; trying again in ") == true && effects.count == 1)
            passed += story.untilDeadline ?? .seconds(3)
            #expect(story.passToDeadline() == [.launchJob])
        }
        #expect(story.send(failed) == [.log(LogEntry(.error, message)), .becomeJob])
    }

    @Test func whatIsNotForWantOfAProcessIsNoReasonToBecomeIt() {
        var story = InitDriver()
        story.send(.started)
        for isFull in [true, true, false, true, false] {
            let effects = story.send(.jobLaunchFailed(.temporary("x"), noProcess: isFull))
            #expect(effects.messages.first?.contains("; trying again in ") == true)
            #expect(story.passToDeadline() == [.launchJob])
        }
    }

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
        #expect(
            story.send(.jobLaunched) == [40, 10, 40].map { .signalJob(Signal(number: $0), group: true) })
        // Once.
        story.pass(.seconds(1))
        #expect(story.send(.jobLaunched) == [])
    }
}
