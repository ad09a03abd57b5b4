import CraterRunCore
import Testing

/// A job that stops and is continued, with a terminal and without.
struct InitTerminalTests {
    private static let terminalStops: [Signal] = [.terminalStop, .terminalInput, .terminalOutput]
    private static let goesOn: [InitEffect] = [.giveTerminal, .signalJob(.resume, group: true)]

    @Test func stopsWithAJobThatCtrlZStopped() {
        var story = InitDriver()
        story.startBoth()
        #expect(
            story.send(.jobStopped(by: .terminalStop, terminal: .job)) == [.takeTerminal, .suspend(by: .terminalStop)])
        #expect(story.untilDeadline == nil)
        // The shell's fg.
        #expect(story.signal(.resume) == Self.goesOn)
        story.send(.jobContinued)
        // Later, somebody else's.
        #expect(story.signal(.resume) == [.giveTerminal, .signalJob(.resume, group: false)])
    }

    @Test(arguments: terminalStops, [TerminalOwner.others, .nobody])
    func stopsInTheBackgroundTooAndSaysWhy(_ signal: Signal, terminal: TerminalOwner) {
        var story = InitDriver()
        story.startBoth()
        #expect(story.send(.jobStopped(by: signal, terminal: terminal)) == [.takeTerminal, .suspend(by: signal)])
    }

    @Test(arguments: [Signal.terminalInput, .terminalOutput])
    func handsTheTerminalOnThatASilentChangeHasGivenUs(_ signal: Signal) {
        var story = InitDriver()
        story.startBoth()
        #expect(story.send(.jobStopped(by: signal, terminal: .ourselves)) == Self.goesOn)
    }

    @Test func stopsAtCtrlZThatCameToUs() {
        var story = InitDriver()
        story.startBoth()
        #expect(story.signal(.terminalStop) == [.signalJob(.terminalStop, group: false)])
        #expect(
            story.send(.jobStopped(by: .terminalStop, terminal: .ourselves)) == [
                .takeTerminal, .suspend(by: .terminalStop),
            ]
        )
    }

    /// A shell as the job does so in its `suspend`. In an orphaned group SIGSTOP would stop us for good.
    @Test func stopsAsByTheTerminalWhereTheJobStoppedItself() {
        var story = InitDriver()
        story.startBoth()
        #expect(story.send(.jobStopped(by: .stop, terminal: .job)) == [.takeTerminal, .suspend(by: .terminalStop)])
    }

    @Test(arguments: [TerminalOwner.nobody, .others, .ourselves])
    func leavesAStopBesideTheTerminalToWhoeverSentIt(_ terminal: TerminalOwner) {
        var story = InitDriver()
        story.startBoth()
        #expect(story.send(.jobStopped(by: .stop, terminal: terminal)) == [])
        #expect(story.untilDeadline == nil)
        #expect(story.signal(Signal(number: 10)) == [.signalJob(Signal(number: 10), group: false)])
    }

    @Test(arguments: [false, true])
    func aStoppedJobIsContinuedToBeToldToEnd(isProcessOne: Bool) {
        var story = InitDriver { $0.isProcessOne = isProcessOne }
        story.startBoth()
        story.send(.jobStopped(by: .stop, terminal: .nobody))
        #expect(story.signal(.terminate).actions == [.signalJob(.terminate, group: false)] + Self.goesOn)
    }

    @Test func aJobThatWasContinuedMeanwhileIsNotContinuedAgain() {
        var story = InitDriver()
        story.startBoth()
        story.send(.jobStopped(by: .stop, terminal: .nobody))
        story.send(.jobContinued)
        #expect(story.signal(.terminate).actions == [.signalJob(.terminate, group: false)])
    }

    // MARK: Nobody could continue us

    @Test func goesOnWithTheJobWhereTheStopWasDiscarded() {
        var story = InitDriver()
        story.startBoth()
        story.send(.jobStopped(by: .terminalStop, terminal: .job))
        #expect(story.send(.suspendDiscarded) == Self.goesOn)
    }

    /// It would be stopped again at once, and so on without end.
    @Test(arguments: [Signal.terminalInput, .terminalOutput])
    func takesItsTimeWithAJobThatTheTerminalDenies(_ signal: Signal) {
        var story = InitDriver()
        story.startBoth()
        story.send(.jobStopped(by: signal, terminal: .others))
        #expect(story.send(.suspendDiscarded) == [])
        #expect(story.untilDeadline == .seconds(1))
        #expect(story.passToDeadline() == Self.goesOn)
        #expect(story.untilDeadline == nil)
    }

    /// Somebody pauses the training, in a terminal whose group is orphaned: it stays so until SIGCONT.
    @Test func leavesAJobPausedThatSomebodyStopped() {
        var story = InitDriver()
        story.startBoth()
        story.send(.jobStopped(by: .stop, terminal: .job))
        #expect(story.send(.suspendDiscarded) == [.giveTerminal])
        #expect(story.untilDeadline == nil)
    }

    @Test(arguments: terminalStops, [TerminalOwner.job, .ourselves])
    func asProcessOneItContinuesTheJobAtOnce(_ signal: Signal, terminal: TerminalOwner) {
        var story = InitDriver { $0.isProcessOne = true }
        story.startBoth()
        #expect(story.send(.jobStopped(by: signal, terminal: terminal)) == Self.goesOn)
    }

    /// A shell that suspends itself as PID 1 would not have stopped without us.
    @Test func asProcessOneItContinuesAShellThatSuspendsItself() {
        var story = InitDriver { $0.isProcessOne = true }
        story.startBoth()
        #expect(story.send(.jobStopped(by: .stop, terminal: .job)) == Self.goesOn)
    }

    /// In the background, or at a terminal that is not ours: it is stopped again as soon as it goes on.
    @Test(arguments: [Signal.terminalInput, .terminalOutput], [TerminalOwner.others, .nobody])
    func asProcessOneItTakesItsTimeWithAJobThatIsDenied(_ signal: Signal, terminal: TerminalOwner) {
        var story = InitDriver { $0.isProcessOne = true }
        story.startBoth()
        #expect(story.send(.jobStopped(by: signal, terminal: terminal)) == [])
        #expect(story.passToDeadline() == Self.goesOn)
        #expect(story.elapsed == .milliseconds(1050))
    }

    @Test(arguments: [TerminalOwner.nobody, .others])
    func asProcessOneItLeavesSIGSTOPAlone(_ terminal: TerminalOwner) {
        var story = InitDriver { $0.isProcessOne = true }
        story.startBoth()
        #expect(story.send(.jobStopped(by: .stop, terminal: terminal)) == [])
        #expect(story.untilDeadline == nil)
    }

    @Test func aJobThatEndsIsNotContinued() {
        var story = InitDriver()
        story.startBoth()
        story.send(.jobStopped(by: .terminalInput, terminal: .others))
        story.send(.suspendDiscarded)
        story.endJob(.signaled(.kill))
        story.send(.surveyed(leftOvers: 0))
        #expect(story.untilDeadline == .seconds(6))
    }

    // MARK: After the job

    @Test func stopsAtCtrlZWhileTheAppsLinger() {
        var story = InitDriver { $0.linger = .seconds(600) }
        story.startBoth()
        story.endJob()
        #expect(story.signal(.terminalStop) == [.suspend(by: .terminalStop)])
        #expect(story.send(.suspendDiscarded) == [])
        #expect(story.signal(.resume) == [])
    }

    @Test func doesNotStopAsProcessOne() {
        var story = InitDriver {
            $0.linger = .seconds(600)
            $0.isProcessOne = true
        }
        story.startBoth()
        story.endJob()
        #expect(story.signal(.terminalStop) == [])
    }
}
