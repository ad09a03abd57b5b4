import CraterRunCore
import Testing

/// The front door of a supervisor that follows a killed one, whose listening sockets are still open and whose apps have
/// yet to end.
struct SuccessorDoorTests {
    /// - Parameter open: the ports with a listening socket of the supervisor before.
    private func successor(
        open: Set<UInt16> = [6006], _ change: (inout SupervisorOptions) -> Void = { _ in }
    ) -> SupervisorDriver {
        var up = SupervisorDriver { options in
            options.apps = [.fake(.tensorBoard, door: DoorUse())]
            options.followsAnother = true
            options.openPorts = open
            change(&options)
        }
        up.predecessors = 1
        up.send(.started)
        return up
    }

    /// The last process of the supervisor before ends.
    private func endPredecessors(_ up: inout SupervisorDriver) {
        up.predecessors = 0
        up.pass(.milliseconds(50))
    }

    @Test func theDoorServesBeforeTheFormerAppsHaveEnded() {
        var up = successor()
        #expect(up.done.first == .door(.start), "not even their stop signals come first")
        up.read([.board])
        #expect(up.door.accepting == [6006] && up.running.isEmpty)
        let route = up.route(of: "tensorboard")
        #expect(route?.state.state == .starting && route?.target == nil)
        // The former app does not end by its stop signal.
        up.pass(.seconds(5))
        #expect(up.done.contains(.killPredecessors) && up.running.isEmpty && up.door.accepting == [6006])
        endPredecessors(&up)
        #expect(up.running.count == 1)
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready] && up.route(of: "tensorboard")?.target == .port(40_100))
        #expect(up.door.starts == 1 && up.door.open == [6006])
    }

    @Test func aPortThatIsNoRulesIsClosedOnceTheRulesAreKnown() {
        var up = successor(open: [6006, 7007])
        up.failToRead()
        #expect(up.door.open == [6006, 7007] && up.door.accepting.isEmpty)
        up.read([.board])
        #expect(up.door.accepting == [6006])
        endPredecessors(&up)
        #expect(up.door.open == [6006] && up.door.accepting == [6006])
    }

    @Test func theRulesMayBeKnownAfterTheFormerAppsHaveEnded() {
        var up = successor(open: [6006, 7007])
        endPredecessors(&up)
        #expect(up.door.open == [6006, 7007] && up.door.accepting.isEmpty)
        up.read([.board])
        #expect(up.door.open == [6006] && up.door.accepting == [6006])
    }

    @Test func withoutAnyRuleNoPortStaysOpen() {
        var up = successor { $0.apps = [] }
        up.read([])
        endPredecessors(&up)
        #expect(up.door.open.isEmpty)
    }

    @Test func aFixedRuleNeedsNoFile() {
        var up = successor { $0.apps = [.fake(.tensorBoard, fixedRule: .board, door: DoorUse())] }
        #expect(up.door.accepting == [6006] && up.route(of: "tensorboard")?.state.state == .starting)
        endPredecessors(&up)
        #expect(up.running.count == 1)
    }

    @Test func aPortThatWasNotOpenIsTakenAfterTheFormerAppsEnd() {
        var up = successor(open: [])
        up.foreignPorts = [6006]
        up.read([.board])
        up.pass(.seconds(1))
        #expect(up.door.open.isEmpty && up.states == ["tensorboard": .starting])
        up.foreignPorts = []
        endPredecessors(&up)
        #expect(up.door.accepting == [6006] && up.running.count == 1)
        #expect(!up.done.messages.contains { $0.contains("in use") })
    }

    @Test func aRuleMayMoveWhileTheFormerAppsEnd() {
        var up = successor()
        up.read([.board])
        up.read([IngressRule("tensorboard", 7007, "/ingress/board/")])
        #expect(up.door.open.isEmpty)
        endPredecessors(&up)
        #expect(up.door.accepting == [7007] && up.running["tensorboard"]?.rule.port == 7007)
    }

    @Test func aLoginIsInForceBeforeTheFormerAppsHaveEnded() throws {
        var up = successor { $0.apps = [.fake(.tensorBoard, door: DoorUse(hasLogin: true))] }
        up.read([.board])
        #expect(up.done.contains(.readLogin(app: "tensorboard")))
        #expect(up.door.accepting.isEmpty && up.door.open == [6006], "connections wait for the key")
        up.send(.login(app: "tensorboard", try LoginKey("secret key")))
        #expect(up.route(of: "tensorboard")?.login == DoorLogin(key: "secret key".utf8))
        #expect(up.door.accepting == [6006] && up.running.isEmpty)
    }

    @Test func besideAJobAnOpenPortIsNotTheJobs() {
        var up = successor { options in
            options.apps = []
            options.automatic = [.fake(.tensorBoard, door: DoorUse()), .fake(.jupyter)]
            options.jobStartedAt = SupervisorDriver.jobStart
            options.autoDelay = .zero
        }
        up.read([.board, .lab])
        // Jupyter's port has to wait: its former process may still have it.
        #expect(up.door.accepting == [6006] && up.states == ["tensorboard": .starting])
        #expect(!up.done.contains(.checkPort(.board)) && !up.done.contains(.checkPort(.lab)))
        endPredecessors(&up)
        up.pass(.seconds(1))
        #expect(up.states == ["tensorboard": .ready, "jupyter": .ready])
        #expect(up.supervisor.automatic.external.isEmpty)
    }

    @Test func aStopMeanwhileStartsNothing() {
        var up = successor()
        up.read([.board])
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        #expect(up.route(of: "tensorboard")?.state.state == .stopped && up.door.open == [6006])
        endPredecessors(&up)
        #expect(up.running.isEmpty && up.states == ["tensorboard": .stopped])
    }

    @Test func theEndMeanwhileWaitsForTheFormerApps() {
        var up = successor()
        up.read([.board])
        up.send(.signal(.terminate))
        #expect(up.exitCode == nil)
        endPredecessors(&up)
        #expect(up.exitCode == 143 && up.running.isEmpty)
    }
}
