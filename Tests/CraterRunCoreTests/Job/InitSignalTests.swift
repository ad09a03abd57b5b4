import CraterRunCore
import Testing

/// Signals while the job runs, and the shutdown that the stop signal begins.
struct InitSignalTests {
    private static let ours: Set<Int32> = [9, 13, 17, 19, 21, 22, 32, 33]

    @Test(arguments: 1...64 as ClosedRange<Int32>, [false, true])
    func passesEverySignalOnButItsOwn(_ number: Int32, toGroup: Bool) {
        let signal = Signal(number: number)
        var story = InitDriver { $0.signalGroup = toGroup }
        story.startBoth()
        let effects = story.signal(signal).actions.filter { $0 != .giveTerminal }
        #expect(effects == (Self.ours.contains(number) ? [] : [.signalJob(signal, group: toGroup)]))
    }

    @Test func passesEachDeliveryOnInOrder() {
        var story = InitDriver()
        story.startBoth()
        for number in [40, 34, 40, 40, 64, 15, 15, 2] as [Int32] {
            let signal = Signal(number: number)
            #expect(story.signal(signal).actions == [.signalJob(signal, group: false)])
        }
    }

    @Test func onlyTheStopSignalBeginsTheShutdown() {
        var story = InitDriver()
        story.startBoth()
        for signal in [Signal.interrupt, .hangup, .quit, Signal(number: 10), Signal(number: 12)] {
            #expect(story.signal(signal) == [.signalJob(signal, group: false)])
            #expect(story.untilDeadline == nil)
        }
        let effects = story.signal(.terminate)
        #expect(effects.messages == ["SIGTERM received, and passed on to the job"])
        #expect(story.untilDeadline == .seconds(20))
    }

    @Test func theAppsServeOnForTwentySecondsAndTheJobHasNoDeadline() {
        var story = InitDriver()
        story.startBoth()
        story.signal(.terminate)
        story.pass(.seconds(5))
        // A kubelet that is restarted repeats it.
        #expect(story.signal(.terminate) == [.signalJob(.terminate, group: false)])
        #expect(story.passToDeadline() == [.signalSupervisor(.terminate), .signalSupervisor(.resume)])
        #expect(story.elapsed == .milliseconds(20_050))
        #expect(story.untilDeadline == .seconds(6))
        #expect(story.endSupervisor() == [])
        // It may write a checkpoint for an hour.
        #expect(story.untilDeadline == nil)
        story.pass(.seconds(3600))
        #expect(story.endJob(.exited(code: 0)) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(0)])
    }

    @Test func aSupervisorThatDoesNotEndIsKilledWithItsApps() {
        var story = InitDriver()
        story.startBoth()
        story.signal(.terminate)
        story.passToDeadline()
        #expect(story.passToDeadline().actions == [.killSupervisor])
        #expect(story.untilDeadline == nil)
        #expect(story.endSupervisor(.signaled(.kill)) == [])
        #expect(story.untilDeadline == nil)
    }

    @Test func anotherStopSignalTakesItsPlace() {
        let signal = Signal(number: 10)
        var story = InitDriver { $0.stopSignal = signal }
        story.startBoth()
        #expect(story.signal(.terminate) == [.signalJob(.terminate, group: false)])
        #expect(story.untilDeadline == nil)
        let effects = story.signal(signal)
        #expect(effects.actions == [.signalJob(signal, group: false)])
        #expect(effects.messages == ["SIGUSR1 received, and passed on to the job"])
        #expect(story.untilDeadline == .seconds(20))
    }

    @Test func aSignalThatWasIgnoredAtOurStartBeginsNothing() {
        var story = InitDriver()
        story.startBoth()
        #expect(story.send(.signal(.terminate, isIgnored: true)) == [.signalJob(.terminate, group: false)])
        #expect(story.untilDeadline == nil)
    }

    // MARK: Everything is told to end at once

    private static let ends: [ExitStatus] = [
        .exited(code: 0), .exited(code: 70), .signaled(.terminate), .signaled(.kill),
    ]

    /// Slurm, systemd, `kill -TERM -1`: the supervisor ends by a signal of its own.
    @Test(arguments: ends) func aSupervisorThatEndsAfterTheStopSignalIsNotStartedAgain(_ end: ExitStatus) {
        var story = InitDriver()
        story.startBoth()
        story.signal(.terminate)
        story.pass(.milliseconds(1))
        let effects = story.send(.supervisorEnded(end))
        #expect(
            effects.messages == [
                "the supervisor of the apps \(end) after 1 ms; the job goes on; crater-run is stopping, so it is not started again"
            ])
        #expect(effects.actions == [] && story.machine.hasNoSupervisor)
        #expect(story.send(.settled) == [])
        // When the apps would have been asked to stop: they have.
        #expect(story.passToDeadline() == [])
        #expect(story.untilDeadline == nil)
        story.endJob(.exited(code: 5))
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(5)])
    }

    /// Its end is read before the signal: in the same batch, where the stop signal is a real-time one, or just before it.
    @Test(arguments: ends, [Duration.zero, .milliseconds(79)])
    func oneThatIsToBeStartedAgainIsNotAfterTheStopSignal(_ end: ExitStatus, signalAfter: Duration) {
        var story = InitDriver()
        story.startBoth()
        story.send(.supervisorEnded(end))
        story.pass(signalAfter)
        story.signal(.terminate)
        #expect(story.untilDeadline == .seconds(20))
        #expect(story.passToDeadline() == [])
        #expect(story.untilDeadline == nil)
    }

    @Test func oneThatBacksOffIsNotStartedAfterTheStopSignal() {
        var story = InitDriver()
        story.startBoth()
        story.send(.supervisorEnded(.signaled(.kill)))
        while story.untilDeadline != .seconds(60) {
            story.passToDeadline()
            story.send(.supervisorLaunched)
            story.send(.supervisorEnded(.signaled(.kill)))
        }
        #expect(story.untilDeadline == .seconds(60))
        story.signal(.terminate)
        #expect(story.passToDeadline() == [])
        #expect(story.elapsed > .seconds(20))
        #expect(story.untilDeadline == nil)
    }

    @Test func oneThatCannotBeStartedIsNotTriedAgainAfterTheStopSignal() {
        var story = InitDriver()
        story.startBoth()
        story.signal(.terminate)
        #expect(story.send(.supervisorLaunchFailed("execve: x")).actions == [])
        #expect(story.passToDeadline() == [])
        #expect(story.untilDeadline == nil)
    }

    /// A signal that is only passed on ends nothing: the job may go on, and so do the apps.
    @Test(arguments: [Signal.interrupt, .hangup, .quit])
    func otherSignalsDoNotKeepItFromBeingStartedAgain(_ signal: Signal) {
        var story = InitDriver()
        story.startBoth()
        story.signal(signal)
        story.send(.supervisorEnded(.signaled(signal)))
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 2)])
    }

    @Test func aSupervisorThatIsNotThereYetIsNotStartedAnyMore() {
        for grace in [Duration.seconds(5), .seconds(300)] {
            var story = InitDriver { $0.gracePeriod = grace }
            story.startJob()
            story.signal(.terminate)
            #expect(story.passToDeadline() == [])
            story.passToDeadline()
            #expect(story.elapsed == grace)
        }
    }

    // MARK: The grace period

    struct Grace: Sendable {
        let period: Duration
        let appsStopAfter: Duration
    }

    @Test(arguments: [
        Grace(period: .seconds(300), appsStopAfter: .seconds(20)),
        Grace(period: .seconds(31), appsStopAfter: .seconds(20)),
        Grace(period: .seconds(30), appsStopAfter: .seconds(19)),
        Grace(period: .seconds(12), appsStopAfter: .seconds(1)),
        Grace(period: .seconds(11), appsStopAfter: .zero),
        Grace(period: .seconds(2), appsStopAfter: .zero),
    ])
    func theAppsHaveStoppedSixSecondsBeforeItsEnd(_ grace: Grace) {
        var story = InitDriver { $0.gracePeriod = grace.period }
        story.startBoth()
        let start = story.elapsed
        story.signal(.terminate)
        #expect(story.untilDeadline == grace.appsStopAfter)
        #expect(story.passToDeadline() == [.signalSupervisor(.terminate), .signalSupervisor(.resume)])
        story.endSupervisor()
        let effects = story.passToDeadline()
        #expect(story.elapsed - start == grace.period)
        #expect(effects.actions == [.killAll])
        #expect(story.untilDeadline == nil)
        #expect(story.endJob(.signaled(.kill)) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(137)])
    }

    @Test func aSupervisorThatIsKilledWithEverythingIsNotStartedAgain() {
        var story = InitDriver { $0.gracePeriod = .seconds(5) }
        story.startBoth()
        story.signal(.terminate)
        story.passToDeadline()
        #expect(story.passToDeadline().actions == [.killAll])
        #expect(story.endSupervisor(.signaled(.kill)) == [])
        #expect(story.untilDeadline == nil)
        story.endJob(.signaled(.kill))
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(137)])
    }

    @Test func itBoundsWhatFollowsTheJobToo() {
        var story = InitDriver { $0.gracePeriod = .seconds(5) }
        story.startBoth()
        story.signal(.terminate)
        story.passToDeadline()
        story.pass(.seconds(4))
        story.endJob(.exited(code: 3))
        story.send(.surveyed(leftOvers: 1))
        #expect(story.untilDeadline == .seconds(1))
        #expect(story.passToDeadline().actions == [.exit(3)])
    }

    @Test func aLaterStopSignalDoesNotProlongIt() {
        var story = InitDriver { $0.gracePeriod = .seconds(60) }
        story.startBoth()
        story.signal(.terminate)
        story.pass(.seconds(10))
        story.signal(.terminate)
        #expect(story.untilDeadline == .seconds(10))
        story.passToDeadline()
        story.endSupervisor()
        #expect(story.untilDeadline == .seconds(40))
    }
}
