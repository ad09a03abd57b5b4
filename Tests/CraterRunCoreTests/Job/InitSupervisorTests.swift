import CraterRunCore
import Testing

/// The supervisor beside the job.
struct InitSupervisorTests {
    @Test func startsItAgainWhateverItDiedOf() {
        for status in [ExitStatus.signaled(.kill), .exited(code: 0), .exited(code: 1), .unknown] {
            var story = InitDriver()
            story.startBoth()
            story.pass(.seconds(3))
            let effects = story.send(.supervisorEnded(status))
            #expect(effects.count == 1 && !story.machine.hasNoSupervisor)
            let message = effects.messages.first ?? ""
            #expect(
                message.hasPrefix(
                    "the supervisor of the apps \(status) after 3 s; the job goes on; starting it again in "))
            #expect(story.passToDeadline() == [.launchSupervisor(attempt: 2)])
        }
    }

    @Test func waitsLongerEachTimeAndNeverGivesUp() {
        var story = InitDriver()
        story.startBoth()
        var delays: [Duration] = []
        for attempt in 2..<30 {
            story.send(.supervisorEnded(.signaled(.kill)))
            delays.append(story.untilDeadline ?? .zero)
            #expect(story.passToDeadline() == [.launchSupervisor(attempt: attempt)])
            story.send(.supervisorLaunched)
        }
        for (delay, nominal) in zip(delays, [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
            #expect((Duration.milliseconds(nominal * 8 / 10)...Duration.milliseconds(nominal)).contains(delay))
        }
        #expect(delays.prefix(20).allSatisfy { $0 <= .seconds(5) })
        // Then it is nothing that goes away soon.
        #expect(delays.dropFirst(20).allSatisfy { $0 == .seconds(60) })
    }

    @Test func startsOverAtTheShortestDelayOnceItLivedForTenSeconds() {
        var story = InitDriver()
        story.startBoth()
        for _ in 0..<5 {
            story.send(.supervisorEnded(.signaled(.kill)))
            story.passToDeadline()
            story.send(.supervisorLaunched)
        }
        story.pass(.milliseconds(9999))
        story.send(.supervisorEnded(.signaled(.kill)))
        #expect((story.untilDeadline ?? .zero) > .seconds(2))
        story.passToDeadline()
        story.send(.supervisorLaunched)
        story.pass(.seconds(10))
        story.send(.supervisorEnded(.signaled(.kill)))
        #expect((story.untilDeadline ?? .zero) <= .milliseconds(100))
    }

    @Test func triesAgainWhereItCannotBeStarted() {
        var story = InitDriver()
        story.startJob()
        story.passToDeadline()
        let effects = story.send(.supervisorLaunchFailed("pipe2: Too many open files"))
        #expect(effects.actions == [])
        #expect(
            effects.messages.first?.hasPrefix(
                "cannot start the supervisor of the apps: pipe2: Too many open files; starting it again in ") == true)
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 2)])
    }

    // MARK: One that hangs

    /// It takes ten seconds to find out, so a long life is no sign of health.
    @Test func waitsLongerForEachThatHangsHoweverLongItLived() {
        var story = InitDriver()
        story.startBoth()
        var delays: [Duration] = []
        for _ in 0..<8 {
            story.pass(.seconds(3600))
            story.send(.supervisorEnded(.exited(code: SupervisorExit.hung)))
            delays.append(story.untilDeadline ?? .zero)
            story.passToDeadline()
            story.send(.supervisorLaunched)
        }
        for (delay, nominal) in zip(delays, [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
            #expect((Duration.milliseconds(nominal * 8 / 10)...Duration.milliseconds(nominal)).contains(delay))
        }
    }

    @Test func tellsTheNextOneHowManyHaveHungInARow() {
        var story = InitDriver()
        story.startBoth()
        var starts: [InitEffect] = []
        for code: Int32 in [70, 70, 70, 1, 70, 70] {
            story.pass(.seconds(15))
            story.send(.supervisorEnded(.exited(code: code)))
            starts += story.passToDeadline()
            story.send(.supervisorLaunched)
        }
        #expect(
            starts == [
                .launchSupervisor(attempt: 2), .launchSupervisor(attempt: 3, afterHangs: 2),
                .launchSupervisor(attempt: 4, afterHangs: 3), .launchSupervisor(attempt: 5),
                .launchSupervisor(attempt: 6), .launchSupervisor(attempt: 7, afterHangs: 2),
            ])
    }

    @Test func oneThatCannotBeExecutedIsTriedAgainAfterItsProcessWasThere() {
        var story = InitDriver()
        story.startBoth()
        #expect(story.send(.supervisorLaunchFailed("execve: Permission denied")).actions == [])
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 2)])
        // But not where everything ends.
        story.send(.supervisorLaunched)
        story.endJob()
        story.send(.surveyed(leftOvers: 0))
        #expect(story.send(.supervisorLaunchFailed("execve: Permission denied")) == [])
        #expect(story.send(.settled) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(0)])
    }

    // MARK: The end

    @Test func doesNotStartItAgainAfterTheJob() {
        var story = InitDriver()
        story.startBoth()
        story.send(.supervisorEnded(.signaled(.kill)))
        #expect(story.endJob() == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(0)])
    }

    @Test func jobAndSupervisorMayEndInTheSameInstant() {
        var story = InitDriver()
        story.startBoth()
        story.send(.supervisorEnded(.signaled(.kill)))
        story.send(.jobEnded(.exited(code: 9)))
        #expect(story.send(.settled) == [.survey])
        // What the supervisor had started.
        #expect(
            story.send(.surveyed(leftOvers: 2)) == [.signalLeftOvers(.terminate), .signalLeftOvers(.resume)])
        #expect(story.send(.settled) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(9)])
    }
}
