import CraterRunCore
import Testing

struct BackoffTests {
    @Test func doublesFromTheFirstToTheLongest() {
        for seed in UInt64(0)..<50 {
            var backoff = Backoff(first: .seconds(1), longest: .seconds(10), seed: seed)
            for nominal in [1, 2, 4, 8, 10, 10, 10] {
                let delay = backoff.next()
                #expect(delay >= .seconds(nominal) * 0.8)
                #expect(delay <= .seconds(nominal))
            }
        }
    }

    @Test func usesTheWholeWidthOfItsJitter() {
        var backoff = Backoff(first: .seconds(100), longest: .seconds(100), seed: 3)
        let delays = (0..<1000).map { _ in backoff.next() }
        #expect(delays.contains { $0 < .seconds(81) })
        #expect(delays.contains { $0 > .seconds(99) })
    }

    @Test func isTheSameForTheSameSeed() {
        var one = Backoff(seed: 9)
        var other = Backoff(seed: 9)
        var third = Backoff(seed: 10)
        let delays = (0..<20).map { _ in one.next() }
        #expect(delays == (0..<20).map { _ in other.next() })
        #expect(delays != (0..<20).map { _ in third.next() })
    }

    @Test func startsOverAfterAReset() {
        var backoff = Backoff(seed: 1)
        for _ in 0..<20 { _ = backoff.next() }
        backoff.reset()
        #expect(backoff.next() <= .milliseconds(500))
        #expect(backoff.next() > .milliseconds(500))
    }

    @Test func neverGoesBeyondTheLongestHoweverOftenItIsAsked() {
        var backoff = Backoff(seed: .max)
        for _ in 0..<10_000 { #expect(backoff.next() <= .seconds(60)) }
    }
}

struct InstantTests {
    @Test func movesByDurations() {
        let start = MonotonicInstant(nanoseconds: 5)
        #expect(start.advanced(by: .seconds(1)) == MonotonicInstant(nanoseconds: 1_000_000_005))
        #expect(start.duration(to: MonotonicInstant(nanoseconds: 15)) == .nanoseconds(10))
        #expect(MonotonicInstant(nanoseconds: 15).duration(to: start) == .nanoseconds(-10))
        #expect(start < start.advanced(by: .nanoseconds(1)))
    }

    @Test func stopsAtTheEndsOfTime() {
        let first = MonotonicInstant(nanoseconds: .min)
        let last = MonotonicInstant(nanoseconds: .max)
        #expect(last.advanced(by: .nanoseconds(1)) == last)
        #expect(MonotonicInstant(nanoseconds: 1).advanced(by: .seconds(Int64.max)) == last)
        #expect(first.advanced(by: .nanoseconds(-1)) == first)
        #expect(MonotonicInstant(nanoseconds: -2).advanced(by: .seconds(Int64.min)) == first)
    }

    @Test func saysThatTheFarPastIsEarlierAndTheFarFutureLater() {
        let first = MonotonicInstant(nanoseconds: .min)
        let last = MonotonicInstant(nanoseconds: .max)
        #expect(first.duration(to: last) == .nanoseconds(Int64.max))
        #expect(last.duration(to: first) == .nanoseconds(Int64.min))
    }

    @Test func cutsDurationsToWhatAnInt64Holds() {
        #expect(Duration.seconds(Int64.max).clampedNanoseconds == .max)
        #expect(Duration.seconds(Int64.min).clampedNanoseconds == .min)
        #expect(Duration.milliseconds(1500).clampedNanoseconds == 1_500_000_000)
        #expect(Duration.milliseconds(-1500).clampedNanoseconds == -1_500_000_000)
        #expect(Duration.nanoseconds(Int64.max).clampedNanoseconds == .max)
        #expect((Duration.nanoseconds(Int64.max) + .nanoseconds(1)).clampedNanoseconds == .max)
    }
}

struct SignalTests {
    struct Name: Sendable {
        let number: Int32
        let name: String
    }

    @Test(arguments: [
        Name(number: 1, name: "SIGHUP"), Name(number: 2, name: "SIGINT"), Name(number: 3, name: "SIGQUIT"),
        Name(number: 4, name: "SIGILL"), Name(number: 6, name: "SIGABRT"), Name(number: 7, name: "SIGBUS"),
        Name(number: 8, name: "SIGFPE"), Name(number: 9, name: "SIGKILL"), Name(number: 10, name: "SIGUSR1"),
        Name(number: 11, name: "SIGSEGV"), Name(number: 12, name: "SIGUSR2"), Name(number: 13, name: "SIGPIPE"),
        Name(number: 14, name: "SIGALRM"), Name(number: 15, name: "SIGTERM"), Name(number: 17, name: "SIGCHLD"),
        Name(number: 18, name: "SIGCONT"), Name(number: 19, name: "SIGSTOP"), Name(number: 20, name: "SIGTSTP"),
        Name(number: 21, name: "SIGTTIN"), Name(number: 22, name: "SIGTTOU"), Name(number: 23, name: "SIGURG"),
        Name(number: 28, name: "SIGWINCH"), Name(number: 29, name: "SIGIO"), Name(number: 30, name: "SIGPWR"),
        Name(number: 31, name: "SIGSYS"), Name(number: 32, name: "signal 32"), Name(number: 33, name: "signal 33"),
        Name(number: 34, name: "SIGRTMIN+0"), Name(number: 64, name: "SIGRTMIN+30"),
        Name(number: 65, name: "signal 65"),
        Name(number: 0, name: "signal 0"), Name(number: -1, name: "signal -1"),
        Name(number: .max, name: "signal 2147483647"),
        Name(number: .min, name: "signal -2147483648"),
    ])
    func hasTheNameOfItsNumber(_ name: Name) {
        #expect(Signal(number: name.number).description == name.name)
    }
}

struct ExitStatusTests {
    struct Case: Sendable {
        let status: ExitStatus
        let code: Int32
        let text: String
    }

    @Test(arguments: [
        Case(status: .exited(code: 0), code: 0, text: "exited with code 0"),
        Case(status: .exited(code: 255), code: 255, text: "exited with code 255"),
        Case(status: .signaled(.kill), code: 137, text: "was killed by SIGKILL"),
        Case(status: .signaled(.terminate), code: 143, text: "was killed by SIGTERM"),
        Case(status: .signaled(Signal(number: 64)), code: 192, text: "was killed by SIGRTMIN+30"),
        Case(status: .signaled(Signal(number: .max)), code: 255, text: "was killed by signal 2147483647"),
        Case(status: .signaled(Signal(number: -5)), code: 128, text: "was killed by signal -5"),
        Case(status: .unknown, code: 1, text: "is gone, and its exit status was lost"),
    ])
    func hasTheCodeOfTheShellsCustom(_ case: Case) {
        #expect(`case`.status.code == `case`.code)
        #expect(`case`.status.description == `case`.text)
    }

    @Test func passesEveryExitCodeOn() {
        for code in Int32(0)...255 { #expect(ExitStatus.exited(code: code).code == code) }
    }

    @Test func isSuccessWithCodeZeroAlone() {
        #expect(ExitStatus.exited(code: 0).isSuccess)
        #expect(!ExitStatus.exited(code: 1).isSuccess)
        #expect(!ExitStatus.signaled(Signal(number: 0)).isSuccess)
        #expect(!ExitStatus.unknown.isSuccess)
    }
}

struct LogLevelTests {
    @Test func growsFromDebugToError() {
        #expect(LogLevel.allCases.sorted() == [.debug, .info, .warning, .error])
    }
}

struct AppStateTests {
    @Test func hasTheNamesOfTheDesign() {
        #expect(
            AppState.allCases.map(\.rawValue)
                == [
                    "waiting", "starting", "ready", "unready", "stopping", "stopped", "asleep", "backing-off", "failed",
                ]
        )
    }
}
