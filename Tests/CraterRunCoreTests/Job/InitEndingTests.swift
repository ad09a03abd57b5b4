import CraterRunCore
import Testing

/// What follows the job's end.
struct InitEndingTests {
    @Test func stopsTheAppsAndEndsWithThem() {
        var story = InitDriver()
        story.startBoth()
        #expect(story.endJob(.exited(code: 5)) == [.signalSupervisor(.terminate), .signalSupervisor(.resume), .survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [])
        #expect(story.endSupervisor() == [.survey, .exit(5)])
    }

    @Test func killsTheSupervisorThatDoesNotEnd() {
        var story = InitDriver()
        story.startBoth()
        story.endJob(.exited(code: 5))
        story.send(.surveyed(leftOvers: 0))
        #expect(story.untilDeadline == .seconds(6))
        // The end of everything, as it is with all that is below.
        #expect(story.passToDeadline().actions == [.exit(5)])
    }

    @Test func givesWhatIsLeftFiveSecondsThenKillsIt() {
        var story = InitDriver { $0.hasSupervisor = false }
        story.startJob()
        story.endJob(.exited(code: 5))
        #expect(
            story.send(.surveyed(leftOvers: 3)) == [.signalLeftOvers(.terminate), .signalLeftOvers(.resume)])
        #expect(story.untilDeadline == .seconds(5))
        // One of them ends.
        story.pass(.seconds(1))
        #expect(story.send(.settled) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 2)) == [])
        #expect(story.passToDeadline() == [.survey])
        #expect(story.elapsed == .seconds(5))
        #expect(story.send(.surveyed(leftOvers: 2)) == [.signalLeftOvers(.kill)])
        #expect(story.untilDeadline == .seconds(1))
        #expect(story.send(.settled) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 1)) == [.signalLeftOvers(.kill)])
        #expect(story.send(.settled) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(5)])
    }

    @Test func waitsForNothingThatDoesNotDie() {
        var story = InitDriver { $0.hasSupervisor = false }
        story.startJob()
        story.endJob(.exited(code: 5))
        story.send(.surveyed(leftOvers: 1))
        story.passToDeadline()
        story.send(.surveyed(leftOvers: 1))
        #expect(story.passToDeadline().actions == [.exit(5)])
        #expect(story.elapsed == .seconds(6))
    }

    @Test func asksTheAppsOfASupervisorThatDiesInTheEndToEnd() {
        var story = InitDriver()
        story.startBoth()
        story.endJob()
        story.send(.surveyed(leftOvers: 0))
        #expect(
            story.endSupervisor(.signaled(.kill), leftOvers: 2) == [
                .survey, .signalLeftOvers(.terminate), .signalLeftOvers(.resume),
            ]
        )
        #expect(story.untilDeadline == .seconds(5))
    }

    @Test func asksThemAlsoWhereTheJobHasLeftSomethingToo() {
        var story = InitDriver()
        story.startBoth()
        story.endJob()
        story.send(.surveyed(leftOvers: 1))
        story.pass(.seconds(2))
        #expect(
            story.endSupervisor(.signaled(.kill), leftOvers: 3).actions == [
                .survey, .signalLeftOvers(.terminate), .signalLeftOvers(.resume),
            ]
        )
        // The time of the first ones is not prolonged.
        #expect(story.untilDeadline == .seconds(3))
    }

    /// What was asked once is not asked again: some programs take a second SIGTERM for impatience.
    @Test func asksNothingTwiceWhenTheSupervisorHasEndedByItself() {
        var story = InitDriver()
        story.startBoth()
        story.endJob()
        story.send(.surveyed(leftOvers: 1))
        #expect(story.endSupervisor(.exited(code: 0), leftOvers: 1) == [.survey])
    }

    @Test(arguments: [Signal.terminate, .interrupt, .hangup, .quit])
    func theStatusSurvivesASignalInTheEnd(_ signal: Signal) {
        var story = InitDriver()
        story.startBoth()
        story.endJob(.exited(code: 5))
        story.send(.surveyed(leftOvers: 0))
        #expect(story.signal(signal) == [])
        #expect(story.endSupervisor() == [.survey, .exit(5)])
    }

    @Test func aSecondSignalSkipsTheWaiting() {
        var story = InitDriver()
        story.startBoth()
        story.endJob(.exited(code: 5))
        story.send(.surveyed(leftOvers: 0))
        #expect(story.signal(.interrupt) == [])
        story.pass(.milliseconds(100))
        // The same one once more.
        #expect(story.signal(.interrupt) == [])
        story.pass(.milliseconds(1))
        #expect(story.signal(.interrupt).actions == [.exit(5)])
    }

    @Test func theStopSignalCountsAsTheFirst() {
        var story = InitDriver()
        story.startBoth()
        story.signal(.terminate)
        story.pass(.seconds(1))
        story.endJob(.exited(code: 5))
        story.send(.surveyed(leftOvers: 0))
        #expect(story.signal(.terminate).actions == [.exit(5)])
    }

    /// A terminal that closes sends it itself as well as through its shell.
    @Test func aHangUpIsNoImpatience() {
        var story = InitDriver()
        story.startBoth()
        story.endJob()
        story.signal(.hangup)
        story.pass(.seconds(1))
        #expect(story.signal(.hangup) == [])
    }

    @Test func otherSignalsMeanNothingWithoutAJob() {
        var story = InitDriver()
        story.startBoth()
        story.endJob()
        for number in [10, 12, 18, 28, 34] as [Int32] { #expect(story.signal(Signal(number: number)) == []) }
        #expect(story.send(.signal(.hangup, isIgnored: true)) == [])
        story.pass(.seconds(1))
        #expect(story.signal(.terminate) == [])
    }

    // MARK: Lingering

    @Test func theAppsGoOnForThatLong() {
        var story = InitDriver { $0.linger = .seconds(600) }
        story.startBoth()
        let effects = story.endJob(.exited(code: 5))
        #expect(effects.messages == ["the job exited with code 5; the apps go on for 10 min, or until a signal"])
        #expect(effects.actions == [.tellSupervisor(JobEnd(code: 5, at: story.now)), .survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [])
        #expect(story.untilDeadline == .seconds(600))
        // Orphans of the apps end meanwhile.
        #expect(story.send(.settled) == [])
        #expect(story.passToDeadline() == [.signalSupervisor(.terminate), .signalSupervisor(.resume), .survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [])
        #expect(story.endSupervisor() == [.survey, .exit(5)])
    }

    @Test func whatTheJobLeftIsEndedAtOnce() {
        var story = InitDriver { $0.linger = .seconds(600) }
        story.startBoth()
        story.endJob()
        #expect(
            story.send(.surveyed(leftOvers: 1)) == [.signalLeftOvers(.terminate), .signalLeftOvers(.resume)])
        #expect(story.send(.settled) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 1)) == [])
        #expect(story.untilDeadline == .seconds(5))
        #expect(story.passToDeadline() == [.survey])
        #expect(story.send(.surveyed(leftOvers: 1)) == [.signalLeftOvers(.kill)])
        #expect(story.send(.settled) == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [])
        #expect(story.untilDeadline == .seconds(595))
    }

    @Test(arguments: [Signal.terminate, .interrupt, .hangup, .quit])
    func aSignalEndsIt(_ signal: Signal) {
        var story = InitDriver { $0.linger = .seconds(600) }
        story.startBoth()
        story.endJob(.exited(code: 5))
        story.send(.surveyed(leftOvers: 0))
        story.pass(.seconds(60))
        #expect(story.signal(signal) == [.signalSupervisor(.terminate), .signalSupervisor(.resume), .survey])
        #expect(story.untilDeadline == .seconds(6))
        story.pass(.milliseconds(101))
        #expect(story.signal(.terminate).actions == [.exit(5)])
    }

    @Test func theSupervisorIsKeptMeanwhile() {
        var story = InitDriver { $0.linger = .seconds(600) }
        story.startBoth()
        story.endJob()
        story.send(.surveyed(leftOvers: 0))
        // What it leaves is the next one's to end.
        #expect(story.endSupervisor(.signaled(.kill)).actions == [])
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 2)])
    }

    @Test func aJobThatEndsAtOnceGetsItsAppsToo() {
        var story = InitDriver { $0.linger = .seconds(600) }
        story.startJob()
        #expect(story.endJob().actions == [.tellSupervisor(JobEnd(code: 0, at: story.now)), .survey])
        story.send(.surveyed(leftOvers: 0))
        #expect(story.passToDeadline() == [.launchSupervisor(attempt: 1)])
    }

    @Test func thereIsNoneAfterAStopSignal() {
        var story = InitDriver { $0.linger = .seconds(600) }
        story.startBoth()
        story.signal(.terminate)
        #expect(story.endJob() == [.signalSupervisor(.terminate), .signalSupervisor(.resume), .survey])
    }

    @Test func thereIsNoneWithoutApps() {
        var story = InitDriver {
            $0.linger = .seconds(600)
            $0.hasSupervisor = false
        }
        story.startJob()
        #expect(story.endJob() == [.survey])
        #expect(story.send(.surveyed(leftOvers: 0)) == [.exit(0)])
    }
}
