import CraterRunCore
import Testing

/// An app that fails the same way at once, again and again.
struct AppMachineFaultTests {
    private static let missing = [
        "Traceback (most recent call last):", "ModuleNotFoundError: No module named 'pkg_resources'",
    ]

    /// The app ends at once with these last words.
    @discardableResult
    private func fail(
        _ app: inout AppDriver, _ words: [String] = missing, code: Int32 = 1,
        after outcome: CheckOutcome = .silent(reason: "nobody listens at its port")
    ) -> [AppEffect] {
        app.pass(.milliseconds(400), answering: outcome)
        app.send(.lastWords(words))
        return app.send(.exited(.exited(code: code)))
    }

    private func failedThrice(
        _ policy: AppPolicy = .tensorBoard(maxRestarts: nil), _ words: [String] = missing,
        after outcome: CheckOutcome = .silent(reason: "nobody listens at its port")
    ) -> AppDriver {
        var app = AppDriver(policy)
        app.start()
        for _ in 0..<2 {
            fail(&app, words, after: outcome)
            app.comeBack()
        }
        fail(&app, words, after: outcome)
        return app
    }

    @Test func saysTheThirdTimeWhatIsWrongAndHowToMendIt() throws {
        var app = AppDriver(.tensorBoard(maxRestarts: nil))
        app.start()
        for _ in 0..<2 {
            #expect(
                fail(&app).messages.allSatisfy { $0.contains("; starting it again in 0.") || $0.contains("in 1 s") })
            app.comeBack()
        }
        let said = fail(&app)
        let line = try #require(said.messages.last)
        #expect(said.messages.count == 1)
        #expect(line.contains("exited with code 1"), "\(line)")
        #expect(line.contains("3 times in a row the same way: ModuleNotFoundError: No module named 'pkg_resources'. "))
        #expect(line.contains("pip install 'setuptools<82'"))
        #expect(app.said.last?.level == .error)
        let delay = try #require(app.untilDeadline)
        #expect(delay >= .seconds(48) && delay <= .seconds(60))
        let reason = try #require(app.machine.history.reason)
        #expect(reason.contains("each time the same way: ModuleNotFoundError"))
        #expect(reason.contains("pip install 'setuptools<82'"))
    }

    @Test func triesQuietlyFromThenOn() throws {
        var app = failedThrice()
        for _ in 0..<20 {
            let before = app.said.count
            let effects = app.passToDeadline()
            #expect(effects.actions == [.holdOutput, .launch(.first)])
            app.send(.launched(pid: 100))
            #expect(fail(&app).actions == [.signal(.kill, .tree), .dropOutput])
            #expect(app.said.dropFirst(before).allSatisfy { $0.level == .debug })
            #expect(try #require(app.untilDeadline) >= .seconds(48))
            #expect(app.machine.history.reason?.contains("setuptools<82") ?? false)
        }
    }

    /// A port is said in the first runs, and then neither during a run nor at its end.
    @Test(arguments: [
        CheckOutcome.listensElsewhere(ports: [43999]), .loopbackPorts([43999]), .loopbackOnly(port: 6006),
        .answered(status: 404), .answeredByAnother(holder: nil),
    ])
    func isQuietAboutItsPortsToo(outcome: CheckOutcome) throws {
        var app = failedThrice(.tensorBoard(maxRestarts: nil), ["bye"], after: outcome)
        #expect(app.said.contains { $0.level == .warning && $0.message.contains("ready") })
        for _ in 0..<5 {
            let before = app.said.count
            app.passToDeadline()
            app.send(.launched(pid: 100))
            fail(&app, ["bye"], after: outcome)
            #expect(app.said.dropFirst(before).allSatisfy { $0.level == .debug }, "\(app.said.dropFirst(before))")
        }
        // A run that lasts longer is another matter.
        app.passToDeadline()
        app.send(.launched(pid: 100))
        let before = app.said.count
        app.pass(.seconds(40), answering: outcome)
        let isSaid = app.said.dropFirst(before).contains { $0.level == .warning }
        #expect(isSaid == (outcome != .loopbackPorts([43999])))
    }

    @Test func passesOnWhatItHeldBackOnceTheAppIsReady() {
        var app = failedThrice()
        app.passToDeadline()
        app.send(.launched(pid: 100))
        app.passToDeadline()
        let effects = app.send(.checked(.answered(status: 200)))
        #expect(effects.first == .releaseOutput)
        #expect(app.said.last?.message.contains("ready after") ?? false)
        // A new fault begins to count from the start.
        fail(&app)
        #expect(app.said.last?.message.contains("starting it again") ?? false)
    }

    @Test func passesOnWhatItHeldBackOnceTheAppRunsLongerThanBefore() {
        var app = failedThrice()
        app.passToDeadline()
        app.send(.launched(pid: 100))
        let effects = app.pass(.seconds(31), answering: .silent(reason: "nobody listens at its port"))
        #expect(effects.actions.contains(.releaseOutput))
        #expect(app.pass(.seconds(31), answering: .silent(reason: "x")).actions.allSatisfy { $0 != .releaseOutput })
    }

    @Test func passesOnWhatItHeldBackWhenTheAppFailsInAnotherWay() {
        var app = failedThrice()
        app.passToDeadline()
        app.send(.launched(pid: 100))
        #expect(fail(&app, ["ValueError: another"]).actions == [.signal(.kill, .tree), .releaseOutput])
        #expect(app.said.last?.level == .warning)
    }

    @Test func anotherFaultDoesNotWaitForTheLongestDelay() throws {
        typealias Step = (inout AppDriver) -> Void
        let steps: [Step] = [
            { fail(&$0, ["ValueError: another"]) },
            { fail(&$0, [], code: 2) },
            { app in
                app.becomeReady()
                fail(&app)
            },
            { app in
                app.pass(.seconds(40), answering: .silent(reason: "nobody listens at its port"))
                fail(&app)
            },
        ]
        for step in steps {
            var app = failedThrice()
            app.passToDeadline()
            app.send(.launched(pid: 100))
            step(&app)
            #expect(app.state == .backingOff)
            #expect(try #require(app.untilDeadline) <= .milliseconds(500))
        }
    }

    /// Two faults that take turns are not tried ever more often: the delays grow as for any other app.
    @Test func faultsThatTakeTurnsWaitLongerAndLonger() throws {
        var app = AppDriver(.tensorBoard(maxRestarts: nil))
        app.start()
        for number in 0..<9 {
            fail(&app, ["ValueError: \(number.isMultiple(of: 2) ? "x" : "y")"])
            if number < 8 { app.comeBack() }
        }
        #expect(try #require(app.untilDeadline) >= .seconds(48))
    }

    @Test func passesOnWhatItHeldBackWhenTheAppIsStopped() {
        var app = failedThrice()
        app.passToDeadline()
        app.send(.launched(pid: 100))
        #expect(app.send(.stopRequested(isShutdown: true)).actions.first == .releaseOutput)
    }

    @Test func numbersMakeNoOtherFault() {
        var app = AppDriver(.tensorBoard(maxRestarts: nil))
        app.start()
        for number in 0..<3 {
            let address = ["0x9", "0x7fab", "0xdeadbeef"][number]
            fail(&app, ["[W 2025-01-0\(number) 10:0\(number)] ValueError: pid \(9 + number) at \(address)"])
            if number < 2 { app.comeBack() }
        }
        #expect(app.said.last?.message.contains("3 times in a row the same way") ?? false)
    }

    /// A program that the processor or the linker ends writes nothing, and others exit without a word.
    @Test(arguments: [ExitStatus.exited(code: 2), .signaled(.kill), .signaled(.terminate)])
    func theStatusAloneIsEnoughWithoutAnyOutput(_ status: ExitStatus) throws {
        var app = AppDriver(.tensorBoard(maxRestarts: nil))
        app.start()
        for number in 0..<3 {
            app.send(.lastWords(["", "  "]))
            app.send(.exited(status))
            if number < 2 { app.comeBack() }
        }
        let line = try #require(app.said.last?.message)
        #expect(line.contains("3 times in a row the same way, without any output. Starting it again"), "\(line)")
        #expect(app.machine.history.reason?.hasSuffix("each time the same way, without any output") ?? false)
        #expect(try #require(app.untilDeadline) >= .seconds(48))
    }

    /// MLflow needs so long before it fails.
    @Test func aSlowStartIsSoonToo() {
        var app = AppDriver(.tensorBoard(maxRestarts: nil))
        app.start()
        for number in 0..<3 {
            app.pass(.seconds(25), answering: .silent(reason: "nobody listens at its port"))
            app.send(.lastWords(["ValueError: x"]))
            app.send(.exited(.exited(code: 1)))
            if number < 2 { app.comeBack() }
        }
        #expect(app.said.last?.message.contains("3 times in a row the same way: ValueError: x") ?? false)
    }

    @Test func withoutRestartsTheEndHasItsCauseAndCure() throws {
        for policy in [RestartPolicy.never, .onFailure] {
            let (line, reason) = try end(policy, AppMachineFaultTests.missing, code: policy == .never ? 1 : 0)
            for text in [line, reason] { #expect(text.contains("'pkg_resources'. Setuptools 82"), "\(text)") }
        }
    }

    @Test func aCauseThatEndsWithAFullStopHasOne() throws {
        let words = ["AttributeError: module 'x' has no attribute 'bool'."]
        let line = try #require(failedThrice(.tensorBoard(maxRestarts: nil), words).said.last?.message)
        #expect(line.contains("no attribute 'bool'. Starting it again in"), "\(line)")
        #expect(try end(.never, words, code: 1).line.contains("no attribute 'bool'; not starting it again"))
    }

    /// `aim up` ends so if its port is taken. What an app says last that has done its work is no cause.
    @Test func anEndWithZeroHasItsCauseIfThereIsAnError() throws {
        let failed = [
            "ERROR:    [Errno 98] error while attempting to bind on address",
            "Failed to run Aim UI. Please see the logs",
        ]
        #expect(try end(.onFailure, failed, code: 0).line.contains("crater-run doctor names it"))
        #expect(try !end(.onFailure, ["done: 3 files", "Goodbye"], code: 0).line.contains("Goodbye"))
        #expect(try end(.never, ["done: 3 files", "Goodbye"], code: 1).line.contains(": Goodbye"))
        // TensorFlow says so wherever there is no GPU.
        let survived = [
            "Could not load 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file"
        ]
        #expect(try !end(.onFailure, survived, code: 0).line.contains("libcudart"))
        #expect(try end(.never, survived, code: 1).line.contains("libcudart"))
    }

    /// The app ends once, and is not started again.
    private func end(
        _ policy: RestartPolicy, _ words: [String], code: Int32
    ) throws -> (line: String, reason: String) {
        var app = AppDriver(.tensorBoard(restart: policy))
        app.start()
        fail(&app, words, code: code)
        #expect(app.state == .stopped)
        let line = try #require(app.said.last?.message)
        #expect(line.contains("not starting it again"), "\(line)")
        return (line, try #require(app.machine.history.reason))
    }

    /// Nothing of these is one fault for ever.
    @Test func otherEndsAreStartedAgainAsBefore() {
        typealias Step = (words: [String], code: Int32, lasts: Duration)
        let stories: [[Step]] = [
            [(["a: error: x"], 1, .zero), (["a: error: y"], 1, .zero), (["a: error: x"], 1, .zero)],
            [(["a: error: x"], 1, .zero), (["a: error: x"], 2, .zero), (["a: error: x"], 1, .zero)],
            [(["x"], 1, .seconds(40)), (["x"], 1, .seconds(40)), (["x"], 1, .seconds(40))],
            [([], 1, .zero), ([], 2, .zero), ([], 1, .zero)],
            [([], 1, .zero), (["x"], 1, .zero), ([], 1, .zero)],
        ]
        for story in stories {
            var app = AppDriver(.tensorBoard(maxRestarts: nil))
            app.start()
            for (number, step) in story.enumerated() {
                app.pass(step.lasts, answering: .silent(reason: "nobody listens at its port"))
                app.send(.lastWords(step.words))
                app.send(.exited(.exited(code: step.code)))
                #expect(app.said.last?.message.contains("starting it again") ?? false)
                #expect(app.untilDeadline.map { $0 <= .seconds(2) } ?? false)
                if number < story.count - 1 { app.comeBack() }
            }
        }
    }

    @Test func withALimitItComesToItsEndAsSoonAsBefore() throws {
        var app = failedThrice(.tensorBoard(maxRestarts: 3))
        #expect(app.untilDeadline.map { $0 <= .seconds(2) } ?? false)
        app.passToDeadline()
        app.send(.launched(pid: 100))
        let effects = fail(&app)
        #expect(effects.actions == [.signal(.kill, .tree), .dropOutput, .reportOutput, .ended(.failed(exitCode: 1))])
        let line = try #require(effects.messages.last)
        #expect(line.contains("pip install 'setuptools<82'; it has failed"), "\(line)")
    }

    @Test func aRequestTriesAtOnceAndAloud() {
        for event in [AppEvent.startRequested, .restartRequested, .ruleChanged(.third)] {
            var app = failedThrice()
            #expect(app.send(event).actions.first?.isLaunch ?? false)
            app.send(.launched(pid: 100))
            #expect(app.said.last?.level == .info)
            #expect(fail(&app).actions == [.signal(.kill, .tree)])
        }
    }
}

extension AppEffect {
    fileprivate var isLaunch: Bool { if case .act(.launch) = self { true } else { false } }
}
