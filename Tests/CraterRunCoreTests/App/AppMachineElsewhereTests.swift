import CraterRunCore
import Testing

/// An app that listens at another port than its rule's.
struct AppMachineElsewhereTests {
    private static let complaint =
        "it listens at port 43999, and not at port 6006, to which the ingress forwards: set this port in the app (in a "
        + "command of crater-run app: {port})"

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

    /// It was there for less than two checks.
    @Test func learnsItFromWhatAnAppLeavesBehind() throws {
        var app = AppDriver()
        app.start()
        #expect(
            app.send(.foundElsewhere(ports: [43999])) == [.warning("tensorboard is not ready: \(Self.complaint)")])
        app.send(.exited(.exited(code: 0)))
        #expect(app.machine.history.reason?.hasPrefix(Self.complaint) ?? false)
        app.comeBack()
        #expect(app.send(.foundElsewhere(ports: [43999])).count <= 1)
        var ready = AppDriver()
        ready.startAndBecomeReady()
        #expect(ready.send(.foundElsewhere(ports: [1])) == [])
        var idle = AppDriver()
        #expect(idle.send(.foundElsewhere(ports: [1])) == [])
    }
}
