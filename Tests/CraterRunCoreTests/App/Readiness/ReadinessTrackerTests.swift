import CraterRunCore
import Testing

struct ReadinessTrackerTests {
    private let backend = Backend(ruleName: "tensorboard", port: 41_000, prefix: PathPrefix(known: "/inner/"))

    private func change(_ outcome: CheckOutcome) -> ReadinessTracker.Change {
        var tracker = ReadinessTracker(
            name: "tensorboard", policy: TensorBoard().readiness, backend: backend,
            startedAt: MonotonicInstant(nanoseconds: 0))
        return tracker.take(outcome, at: MonotonicInstant(nanoseconds: 1)).change
    }

    /// What was asked is the app itself, whatever stands in front of it.
    @Test func namesThePlaceThatWasAsked() {
        #expect(
            change(.answered(status: 404))
                == .notReady(complaint: "it answers 404 at /inner/data/environment"))
        #expect(
            change(.answeredByAnother(holder: "nc (pid 7)"))
                == .notReady(complaint: "port 41000 is answered by nc (pid 7), not by tensorboard"))
        let warning = "cannot see which process answers at port 41000; assuming that it is the app"
        #expect(change(.answeredUnattributed(status: 200)) == .ready(isFirst: true, warning: warning))
    }

    /// Most apps write a line for each request.
    @Test(arguments: [CheckOutcome.answered(status: 404), .loopbackOnly(port: 1), .silent(reason: "it speaks TLS")])
    func doesNotFloodTheLogOfAnAppThatDoesNotGetReady(outcome: CheckOutcome) {
        var tracker = ReadinessTracker(
            name: "tensorboard", policy: TensorBoard().readiness, backend: backend,
            startedAt: MonotonicInstant(nanoseconds: 0))
        func pauses(_ outcome: CheckOutcome, _ count: Int) -> [Duration] {
            (0..<count).map { _ in tracker.take(outcome, at: MonotonicInstant(nanoseconds: 1)).next }
        }
        let quick = AppTiming.startingInterval
        #expect(pauses(.nobodyListens, 2) == [quick, quick])
        #expect(pauses(outcome, 5) == [quick * 2, quick * 4, quick * 8, .seconds(1), .seconds(1)])
        // It starts anew, or was another process at its port.
        #expect(pauses(.nobodyListens, 1) == [quick])
    }

    /// These are counted, and then the app is restarted.
    @Test func looksSoonWhetherAPartOfAnAppIsDead() {
        var tracker = ReadinessTracker(
            name: "x", policy: ReadinessPolicy(path: "", fatal: [500: "dead"], interval: .seconds(10)),
            backend: backend, startedAt: MonotonicInstant(nanoseconds: 0))
        for _ in 1..<AppTiming.fatalAnswersWhileStarting {
            let taken = tracker.take(.answered(status: 500), at: MonotonicInstant(nanoseconds: 1))
            #expect(taken.next == AppTiming.startingInterval)
        }
    }

    @Test func isReadyUntilTwoChecksInARowHaveFailed() {
        var tracker = ReadinessTracker(
            name: "tensorboard", policy: TensorBoard().readiness, backend: backend,
            startedAt: MonotonicInstant(nanoseconds: 0))
        let silence = CheckOutcome.silent(reason: "silence")
        let times = (1...6).map { MonotonicInstant(nanoseconds: 0).advanced(by: .seconds($0)) }
        #expect(tracker.standing == .starting)
        _ = tracker.take(.answered(status: 200), at: times[0])
        #expect(tracker.take(silence, at: times[1]).change == .none)
        #expect(tracker.take(.answered(status: 200), at: times[2]).change == .none)
        #expect(tracker.standing == .ready(since: times[0], failedChecks: 0))
        #expect(tracker.take(silence, at: times[3]).change == .none)
        #expect(tracker.take(silence, at: times[4]).change == .unready(complaint: "silence"))
        #expect(tracker.endReadiness(at: times[4]) == .seconds(4))
        #expect(tracker.standing == .unready(since: times[4]))
        #expect(tracker.endReadiness(at: times[5]) == .zero)
        #expect(tracker.take(.answered(status: 200), at: times[5]).change == .ready(isFirst: false, warning: nil))
    }
}
