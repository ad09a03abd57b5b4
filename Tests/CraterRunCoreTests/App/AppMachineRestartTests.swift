import CraterRunCore
import Testing

struct AppMachineRestartTests {
    /// The app ends, each time for another cause than the last time: equal ends have delays of their own.
    @discardableResult
    private func end(_ app: inout AppDriver, _ number: Int, _ status: ExitStatus = .exited(code: 1)) -> [AppEffect] {
        app.send(.lastWords([number.isMultiple(of: 2) ? "ValueError: x" : "ValueError: y"]))
        return app.send(.exited(status))
    }

    @Test func waitsLongerAfterEachCrash() throws {
        var app = AppDriver()
        app.start()
        let delays = [500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]
        for (number, nominal) in delays.enumerated() {
            end(&app, number)
            let delay = try #require(app.untilDeadline)
            #expect(delay >= .milliseconds(nominal) * 0.8)
            #expect(delay <= .milliseconds(nominal))
            app.comeBack()
        }
        #expect(app.machine.restarts == 10)
    }

    @Test func doesNotWaitEquallyLongWithAnotherSeed() {
        let delays = (UInt64(0)..<20).map { seed in
            var app = AppDriver(seed: seed)
            app.start()
            app.send(.exited(.exited(code: 1)))
            return app.untilDeadline
        }
        #expect(Set(delays).count == 20)
    }

    @Test func forgivesAllCrashesAfterAMinuteOfReadiness() throws {
        var app = AppDriver()
        app.start()
        for number in 0..<6 {
            end(&app, number)
            app.comeBack()
        }
        app.becomeReady()
        app.pass(.seconds(60), answering: .answered(status: 200))
        app.send(.exited(.exited(code: 1)))
        #expect(app.machine.restarts == 1)
        let delay = try #require(app.untilDeadline)
        #expect(delay <= .milliseconds(500))
    }

    @Test func forgivesNothingAfter59SecondsOfReadiness() throws {
        var app = AppDriver()
        app.start()
        for number in 0..<6 {
            end(&app, number)
            app.comeBack()
        }
        app.becomeReady()
        app.pass(.seconds(59), answering: .answered(status: 200))
        app.send(.exited(.exited(code: 1)))
        #expect(app.machine.restarts == 7)
        let delay = try #require(app.untilDeadline)
        #expect(delay > .seconds(25))
    }

    @Test func forgivesNothingForTimeThatItWasNotReady() {
        var app = AppDriver()
        app.start()
        app.send(.exited(.exited(code: 1)))
        app.comeBack()
        app.pass(.seconds(600), answering: .silent(reason: "nobody listens at its port"))
        app.send(.exited(.exited(code: 1)))
        #expect(app.machine.restarts == 2)
    }

    @Test func forgivesCrashesBeforeAMinuteOfReadinessThatEndedBeforeTheApp() {
        var app = AppDriver()
        app.start()
        app.send(.exited(.exited(code: 1)))
        app.comeBack()
        app.becomeReady()
        app.pass(.seconds(3600), answering: .answered(status: 200))
        app.failTwoChecks()
        #expect(app.state == .unready)
        app.send(.exited(.signaled(.kill)))
        #expect(app.machine.restarts == 1)
    }

    @Test func doesNotAddUpReadinessThatWasInterrupted() {
        var app = AppDriver()
        app.start()
        app.send(.exited(.exited(code: 1)))
        app.comeBack()
        app.becomeReady()
        for _ in 0..<3 {
            app.pass(.seconds(40), answering: .answered(status: 200))
            app.failTwoChecks()
            #expect(app.state == .unready)
            app.becomeReady()
        }
        app.send(.exited(.exited(code: 1)))
        #expect(app.machine.restarts == 2)
    }

    struct Loop: Sendable {
        let most: Int
        let status: ExitStatus
        let code: Int32
    }

    @Test(arguments: [
        Loop(most: 0, status: .exited(code: 3), code: 3),
        Loop(most: 1, status: .exited(code: 3), code: 3),
        Loop(most: 5, status: .exited(code: 255), code: 255),
        Loop(most: 5, status: .signaled(.kill), code: 137),
        Loop(most: 2, status: .unknown, code: 1),
        // Success is no exit code for something that has failed.
        Loop(most: 2, status: .exited(code: 0), code: 1),
    ])
    func failsAfterTooManyRestartsWithTheExitCode(_ loop: Loop) {
        var app = AppDriver(.tensorBoard(restart: .always, maxRestarts: loop.most))
        app.start()
        for number in 0..<loop.most {
            #expect(end(&app, number, loop.status).actions == [.signal(.kill, .tree)])
            app.comeBack()
        }
        let effects = end(&app, loop.most, loop.status)
        #expect(
            effects.actions == [.signal(.kill, .tree), .reportOutput, .ended(.failed(exitCode: loop.code))]
        )
        #expect(effects.messages.count == 1)
        #expect(effects.messages[0].contains("--max-restarts \(loop.most)"))
        #expect(app.state == .failed)
        #expect(app.machine.nextDeadline == nil)
    }

    @Test func neverGivesUpWithoutALimit() {
        var app = AppDriver(.tensorBoard(maxRestarts: nil))
        app.start()
        for _ in 0..<1000 {
            app.send(.exited(.exited(code: 1)))
            app.comeBack()
        }
        #expect(app.machine.restarts == 1000)
    }

    struct Policy: Sendable {
        let policy: RestartPolicy
        let status: ExitStatus
        let restarts: Bool
    }

    @Test(arguments: [
        Policy(policy: .always, status: .exited(code: 0), restarts: true),
        Policy(policy: .always, status: .exited(code: 1), restarts: true),
        Policy(policy: .always, status: .signaled(.terminate), restarts: true),
        Policy(policy: .onFailure, status: .exited(code: 0), restarts: false),
        Policy(policy: .onFailure, status: .exited(code: 1), restarts: true),
        Policy(policy: .onFailure, status: .signaled(.terminate), restarts: true),
        Policy(policy: .onFailure, status: .unknown, restarts: true),
        Policy(policy: .never, status: .exited(code: 0), restarts: false),
        Policy(policy: .never, status: .exited(code: 1), restarts: false),
        Policy(policy: .never, status: .signaled(.kill), restarts: false),
    ])
    func followsTheRestartPolicy(_ policy: Policy) {
        var app = AppDriver(.tensorBoard(restart: policy.policy))
        app.startAndBecomeReady()
        let effects = app.send(.exited(policy.status))
        #expect(effects.actions.first == .signal(.kill, .tree))
        #expect(app.state == (policy.restarts ? .backingOff : .stopped))
        #expect(effects.contains(AppEffect.ended(.completed(policy.status))) == !policy.restarts)
        #expect((app.machine.nextDeadline != nil) == policy.restarts)
    }

    @Test func ignoresAnExitWhileNothingRuns() {
        var app = AppDriver()
        #expect(app.send(.exited(.exited(code: 1))) == [])
        app.start()
        app.send(.exited(.exited(code: 1)))
        #expect(app.send(.exited(.exited(code: 1))) == [])
        #expect(app.machine.restarts == 1)
    }
}
