import CraterRunCore
import Testing

/// An app that listens at another port than its rule's.
struct AppMachineElsewhereTests {
    private static let complaint =
        "it listens at port 43999, and not at port 6006, to which the ingress forwards: leave the port out of its flags "
        + "and its configuration, since crater-run sets the port"

    @Test func saysOnceAndAtOnceWhereItListens() {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        #expect(
            app.send(.checked(.listensElsewhere(ports: [43999])))
                == [.warning("tensorboard is not ready: \(Self.complaint)")])
        #expect(app.pass(.seconds(90), answering: .listensElsewhere(ports: [43999])).messages == [])
        #expect(app.state == .starting)
        #expect(app.machine.history.reason == Self.complaint)
        app.becomeReady()
        #expect(app.machine.history.reason == nil)
    }

    @Test(arguments: [
        (AppCode.userScript, "leave the port out of the script"), (.userCommand, "write {port} for the port"),
        (.userCommandWithPort, "the program must listen at the port that its command names"),
    ])
    func saysWhereThePortIsSet(_ code: AppCode, _ remedy: String) {
        var policy = AppPolicy.tensorBoard()
        policy.code = code
        var app = AppDriver(policy)
        app.start()
        app.passToDeadline()
        let messages = app.send(.checked(.listensElsewhere(ports: [1, 2]))).messages
        #expect(messages.first?.contains("it listens at port 1, 2, and not at port 6006, ") ?? false)
        #expect(messages.first?.contains(remedy) ?? false, "\(messages)")
    }

    @Test func saysItOfAnAppThatListensThereNoLonger() {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks(.listensElsewhere(ports: [43999]))
        #expect(app.state == .unready)
        #expect(app.machine.history.reason == Self.complaint)
    }

    @Test func keepsItWhileItIsBackingOff() throws {
        var app = AppDriver()
        app.start()
        app.passToDeadline()
        app.send(.checked(.listensElsewhere(ports: [43999])))
        app.send(.exited(.exited(code: 1)))
        #expect(app.state == .backingOff)
        let reason = try #require(app.machine.history.reason)
        #expect(reason.hasPrefix("\(Self.complaint). It exited with code 1 after "), "\(reason)")
    }

    /// Ports on the loopback address may be for the app's own use, as long as the app lives.
    @Test(arguments: [AppCode.userCommand, .userScript])
    func saysAtItsEndWhereItListenedInside(code: AppCode) throws {
        var policy = AppPolicy.tensorBoard()
        policy.code = code
        var app = AppDriver(policy)
        app.start()
        app.passToDeadline()
        #expect(app.send(.checked(.loopbackPorts([43999]))).messages == [])
        #expect(app.machine.history.reason == nil)
        app.send(.lastWords(["starting", "bye"]))
        let messages = app.send(.exited(.exited(code: 1))).messages
        let start = "it listened at port 43999, and not at port 6006, to which the ingress forwards: "
        let line = try #require(messages.first)
        #expect(line.hasPrefix("tensorboard was not ready when it ended: \(start)"), "\(line)")
        #expect(line.contains("{port}") == (code == .userCommand))
        let reason = try #require(app.machine.history.reason)
        #expect(reason.hasPrefix(start) && reason.contains(". It exited with code 1 after "), "\(reason)")
    }

    /// What the output or a signal explains is not blamed on the port, whenever it comes.
    @Test(
        arguments: [
            (["ModuleNotFoundError: No module named 'tensorboard'"], .exited(code: 1), .zero),
            (["ValueError: bad model"], .exited(code: 1), .zero), (["demo: error: bad"], .exited(code: 1), .zero),
            (["OSError: [Errno 28] No space left on device"], .exited(code: 1), .seconds(40)),
            ([], .signaled(.terminate), .zero), ([], .signaled(.kill), .seconds(40)),
            // A shell ends so after its child.
            ([], .exited(code: 143), .zero), ([], .exited(code: 137), .zero),
        ] as [([String], ExitStatus, Duration)])
    func doesNotBlameAPortInsideForAnExplainedEnd(words: [String], status: ExitStatus, lasts: Duration) throws {
        var app = AppDriver()
        app.start()
        app.pass(lasts, answering: .loopbackPorts([43999]))
        app.passToDeadline()
        app.send(.checked(.loopbackPorts([43999])))
        app.send(.lastWords(words))
        let messages = app.send(.exited(status)).messages
        #expect(!messages.contains { $0.contains("43999") }, "\(messages)")
        #expect(app.machine.history.reason?.contains("43999") == false)
    }

    @Test func keepsItWithoutARestart() throws {
        for outcome in [CheckOutcome.listensElsewhere(ports: [43999]), .loopbackPorts([43999])] {
            var app = AppDriver(.tensorBoard(restart: .never))
            app.start()
            app.passToDeadline()
            app.send(.checked(outcome))
            app.send(.exited(.exited(code: 1)))
            #expect(app.state == .stopped)
            let reason = try #require(app.machine.history.reason)
            #expect(reason.hasPrefix("it listen") && reason.contains("43999"), "\(reason)")
            #expect(reason.contains("since crater-run sets the port. It exited with code 1 after "), "\(reason)")
        }
    }

    /// A Jupyter that ends keeps its kernels' ports to the last.
    @Test func doesNotBlameThePortsInsideOfAnAppThatWasReady() throws {
        var app = AppDriver()
        app.startAndBecomeReady()
        app.failTwoChecks(.loopbackPorts([43999]))
        let messages = app.send(.exited(.exited(code: 1))).messages
        #expect(!messages.contains { $0.contains("43999") }, "\(messages)")
    }

    @Test func anAppThatStillStartsIsSilentWhileItListensInside() {
        var app = AppDriver()
        app.start()
        let messages = app.pass(.seconds(90), answering: .loopbackPorts([43999])).messages
        #expect(messages.count == 1 && messages[0].contains("still not ready after"), "\(messages)")
        app.becomeReady()
        app.send(.exited(.exited(code: 1)))
        #expect(app.machine.history.reason?.hasPrefix("exited with code 1") == true)
    }

    /// Only the last check before the end counts.
    @Test func doesNotBlameAPortThatIsNoLongerOpen() throws {
        for outcome in [CheckOutcome.silent(reason: "nobody listens at its port"), .answered(status: 500)] {
            var app = AppDriver()
            app.start()
            for found in [CheckOutcome.listensElsewhere(ports: [43999]), outcome] {
                app.passToDeadline()
                app.send(.checked(found))
            }
            app.send(.exited(.exited(code: 1)))
            let reason = try #require(app.machine.history.reason)
            #expect(reason.hasPrefix("exited with code 1"), "\(reason)")
        }
    }
}
