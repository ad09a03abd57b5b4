import CraterRunCore
import Testing

/// When an app is put to sleep.
struct SleepWatchTests {
    private static let start = MonotonicInstant(nanoseconds: 5_000_000_000)

    private func at(_ minutes: Int, _ seconds: Int = 0) -> MonotonicInstant {
        Self.start.advanced(by: .seconds(minutes * 60 + seconds))
    }

    private func watch(canBeBusy: Bool = false) -> SleepWatch {
        var watch = SleepWatch(after: .seconds(3600), canBeBusy: canBeBusy)
        watch.follow(.ready, at: at(0))
        return watch
    }

    @Test func anAppThatNobodyUsesSleepsInTime() {
        var watch = watch()
        #expect(watch.nextDeadline == at(60, 2), "the door tells of a use a little later")
        #expect(watch.tick(at: at(60, 1)) == nil)
        #expect(watch.tick(at: at(60, 2)) == .sleep)
    }

    @Test func eachUseBeginsTheTimeAnew() {
        var watch = watch()
        watch.use(at: at(59))
        #expect(watch.tick(at: at(60, 2)) == nil && watch.nextDeadline == at(119, 2))
    }

    @Test(arguments: AppState.allCases) func onlyAnAppThatServesIsWatched(state: AppState) {
        var watch = watch()
        watch.follow(state, at: at(30))
        let isServing = state == .ready || state == .unready
        #expect(watch.nextDeadline == (isServing ? at(60, 2) : nil))
        watch.use(at: at(31))
        #expect((watch.nextDeadline != nil) == isServing)
        watch.follow(.ready, at: at(40))
        #expect(watch.nextDeadline == (isServing ? at(91, 2) : at(100, 2)), "a start is a use")
    }

    @Test func anAppThatCanBeBusyIsAskedFirst() {
        var watch = watch(canBeBusy: true)
        #expect(watch.tick(at: at(61)) == .ask(1))
        #expect(watch.nextDeadline == nil && watch.tick(at: at(999)) == nil, "without an answer it stays awake")
        #expect(watch.answer(.idle(quiet: nil), to: 1, at: at(999)) == .sleep)
    }

    @Test func aBusyOneGoesOn() {
        var watch = watch(canBeBusy: true)
        #expect(watch.tick(at: at(61)) == .ask(1) && watch.answer(.busy, to: 1, at: at(61, 1)) == nil)
        #expect(watch.nextDeadline == at(121, 3))
    }

    @Test(arguments: [(0, 120), (59, 61), (60, nil), (600, nil)])
    func oneThatWasBusyALittleAgoGoesOn(quiet: Int, next: Int?) {
        var watch = watch(canBeBusy: true)
        #expect(watch.tick(at: at(60, 2)) == .ask(1))
        let step = watch.answer(.idle(quiet: .seconds(quiet * 60)), to: 1, at: at(60, 2))
        #expect(step == (next == nil ? .sleep : nil))
        if let next { #expect(watch.nextDeadline == at(next, 4)) }
    }

    @Test func withoutKnowledgeItIsAskedAgain() {
        var watch = watch(canBeBusy: true)
        #expect(watch.tick(at: at(60, 2)) == .ask(1))
        for round in 1...20 {
            let now = at(60 + 5 * (round - 1), 2)
            #expect(watch.answer(.unknown("it does not answer"), to: UInt64(round), at: now) == nil)
            #expect(watch.nextDeadline == now.advanced(by: SleepWatch.longestRetry))
            #expect(watch.tick(at: now.advanced(by: SleepWatch.longestRetry)) == .ask(UInt64(round + 1)))
        }
        #expect(watch.answer(.idle(quiet: nil), to: 21, at: at(200)) == .sleep)
    }

    @Test func whoeverUsesItMeanwhileMakesTheAnswerWorthless() {
        var watch = watch(canBeBusy: true)
        #expect(watch.tick(at: at(61)) == .ask(1))
        watch.use(at: at(62))
        #expect(watch.answer(.idle(quiet: nil), to: 1, at: at(63)) == nil && watch.nextDeadline == at(122, 2))
    }

    /// The answer is about a process that is gone.
    @Test func anEarlierQuestionIsNotAnswered() {
        var watch = watch(canBeBusy: true)
        #expect(watch.tick(at: at(61)) == .ask(1))
        watch.follow(.starting, at: at(62))
        watch.follow(.ready, at: at(63))
        #expect(watch.tick(at: at(125)) == .ask(2))
        #expect(watch.answer(.idle(quiet: nil), to: 1, at: at(126)) == nil)
        #expect(watch.answer(.idle(quiet: nil), to: 2, at: at(126)) == .sleep)
    }
}
