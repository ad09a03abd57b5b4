import CraterRunCore
import Testing

/// Apps beside a job, which may want their ports, and the end.
struct SupervisorJobTests {
    @Test func besideAJobAutomaticAppsWait() {
        var up = SupervisorDriver.automatic(besideJob: true)
        up.send(.started)
        up.read([.board])
        up.read([.board], and: ["kubernetes.io/config.seen=\"later\""])
        up.pass(.seconds(19))
        #expect(up.running.isEmpty)
        #expect(
            up.done.messages == ["tensorboard: served from 20 s after the job's start on, if port 6006 is free then"])
        up.pass(.seconds(1))
        #expect(up.ports == ["tensorboard": 6006])
        up.read([.board, .plots])
        #expect(up.ports["visdom"] == 8097)
    }

    @Test func whatTheJobServesItselfIsExternal() {
        var up = SupervisorDriver.automatic(besideJob: true)
        up.foreignPorts = [8888]
        up.send(.started)
        up.read([.board, .lab])
        up.pass(.seconds(60))
        #expect(up.ports == ["tensorboard": 6006])
        #expect(up.supervisor.automatic.external == ["jupyter": .lab])
        #expect(up.done.messages.count { $0.contains("port 8888 is served by python3 (pid 7)") } == 1)
        // Not even when it seems to be free: the job may be starting it again.
        up.foreignPorts = []
        up.read([.board, .lab], and: ["kubernetes.io/config.seen=\"later\""])
        #expect(up.ports == ["tensorboard": 6006])
        // Another rule is another question.
        up.read([.board, IngressRule("jupyter", 8889, "/ingress/lab/")])
        #expect(up.ports == ["tensorboard": 6006, "jupyter": 8889])
    }

    @Test func aPortThatIsTakenAfterTheLookIsGivenUp() {
        var up = SupervisorDriver.automatic(besideJob: true)
        up.send(.started)
        up.pass(.seconds(20))
        // The rule's look says free, and then the job takes it.
        var supervisor = up.supervisor
        let looking = supervisor.handle(.rules(.read(IngressRules([.lab]), complaints: [])), at: up.now)
        #expect(looking == [.checkPort(.lab)])
        #expect(
            supervisor.handle(.portChecked(rule: "jupyter", .free), at: up.now) == [
                .open(app: "jupyter", supervisor.options.automatic[1]), .app("jupyter", .launch(.lab)),
            ])
        let busy = AppEvent.launchFailed(.portBusy(port: 8888, holder: nil))
        let after = supervisor.handle(.app("jupyter", busy), at: up.now)
        #expect(after.actions == [.close(app: "jupyter")])
        #expect(supervisor.automatic.external == ["jupyter": .lab] && supervisor.apps.isEmpty)
    }

    @Test func anAppThatRanWaitsForItsPort() {
        var up = SupervisorDriver.automatic(besideJob: true)
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(25))
        up.foreignPorts = [6006]
        up.end("tensorboard", .signaled(.kill))
        up.pass(.seconds(10))
        #expect(up.states == ["tensorboard": .backingOff])
        up.foreignPorts = []
        up.pass(.seconds(6))
        #expect(up.ports == ["tensorboard": 6006])
    }

    @Test func aRuleThatGoesWhileItsPortIsLookedAtOpensNothing() {
        var supervisor = SupervisorDriver.automatic(besideJob: true).supervisor
        let late = SupervisorDriver.jobStart.advanced(by: .seconds(60))
        _ = supervisor.handle(.started, at: late)
        #expect(supervisor.handle(.rules(.read(IngressRules([.lab]), complaints: [])), at: late) == [.checkPort(.lab)])
        _ = supervisor.handle(.rules(.read(IngressRules([]), complaints: [])), at: late)
        #expect(supervisor.handle(.portChecked(rule: "jupyter", .free), at: late).isEmpty)
    }

    // MARK: After a supervisor that was killed

    @Test func whatWasLeftBehindEndsBeforeAnythingStarts() {
        var up = SupervisorDriver.automatic { $0.followsAnother = true }
        up.predecessors = 2
        up.send(.started)
        #expect(up.done.prefix(1).contains { if case .stopPredecessors = $0 { true } else { false } })
        up.read([.board])
        #expect(up.running.isEmpty)
        up.pass(.seconds(1))
        #expect(up.running.isEmpty)
        up.predecessors = 0
        up.pass(.milliseconds(50))
        #expect(up.ports == ["tensorboard": 6006])
        #expect(!up.done.contains(.killPredecessors))
    }

    @Test func whatDoesNotEndIsKilledAndInTheEndLeftAlone() {
        var up = SupervisorDriver.automatic { $0.followsAnother = true }
        up.predecessors = 1
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(5))
        #expect(up.done.count { $0 == .killPredecessors } == 1)
        #expect(up.running.isEmpty)
        up.pass(.seconds(5))
        #expect(up.ports == ["tensorboard": 6006])
        #expect(up.done.messages.contains { $0.contains("outlive SIGKILL") })
    }

    @Test func stopSignalsOfThePredecessorsAreTheirApps() {
        var visdom = AppDefinition.fake(.visdom)
        visdom.policy = AppPolicy(
            name: "visdom", readiness: visdom.app.readiness, stopSignal: .interrupt, restart: .always, maxRestarts: nil)
        var up = SupervisorDriver {
            $0.apps = [visdom]
            $0.followsAnother = true
        }
        up.send(.started)
        #expect(up.done.first == .stopPredecessors(["visdom": .interrupt]))
    }

    // MARK: The end

    @Test(arguments: [Signal.terminate, .interrupt]) func aSignalStopsAllAppsAndEnds(signal: Signal) {
        var up = SupervisorDriver.automatic()
        up.stopsAtOnce = false
        up.send(.started)
        up.read([.board, .lab])
        up.send(.signal(signal))
        #expect(Set(up.states.values) == [.stopping])
        up.end("tensorboard")
        #expect(up.exitCode == nil)
        up.read([.board, .lab, .plots])
        #expect(up.running.count == 1)
        up.end("jupyter")
        #expect(up.exitCode == 128 + signal.number)
    }

    @Test func withoutAppsASignalEndsAtOnce() {
        var up = SupervisorDriver.automatic()
        up.send(.started)
        up.send(.signal(.terminate))
        #expect(up.exitCode == 143)
    }

    @Test func whatDoesNotStopIsKilledAfterFiveSeconds() {
        var up = SupervisorDriver.automatic()
        up.stopsAtOnce = false
        up.send(.started)
        up.read([.board, .lab])
        up.send(.signal(.terminate))
        up.pass(.milliseconds(4900))
        #expect(up.exitCode == nil)
        up.pass(.milliseconds(100))
        #expect(up.exitCode == 143)
    }

    @Test func aSecondSignalSkipsTheWaitButAnEchoDoesNot() {
        var up = SupervisorDriver.automatic()
        up.stopsAtOnce = false
        up.send(.started)
        up.read([.board, .lab])
        up.send(.signal(.terminate))
        up.send(.signal(.terminate))
        #expect(up.exitCode == nil)
        up.pass(.milliseconds(200))
        up.send(.signal(.terminate))
        #expect(up.exitCode == 143)
    }

    @Test func theEndOfTheInitRoleIsTheEndOfTheApps() {
        var up = SupervisorDriver.automatic(besideJob: true)
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(30))
        up.send(.initIsGone)
        #expect(up.running.isEmpty && up.exitCode == 143)
    }

    @Test func aStopWhileAPortIsWaitedForStartsNothing() {
        var up = SupervisorDriver.automatic()
        up.stopsAtOnce = false
        up.send(.started)
        up.read([.board, .lab])
        up.read([IngressRule("tensorboard", 8888, "/ingress/board/"), .lab])
        up.send(.signal(.terminate))
        up.end("tensorboard", .signaled(.terminate))
        up.end("jupyter", .signaled(.terminate))
        #expect(up.running.isEmpty && up.exitCode == 143)
    }

    // MARK: Whatever happens

    /// Ten thousand random events; ``SupervisorDriver`` checks after each that nothing impossible is asked of the world.
    @Test(arguments: 0..<20) func nothingImpossibleEverHappens(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var up = SupervisorDriver.automatic(besideJob: seed.isMultiple(of: 2)) { options in
            options.followsAnother = seed.isMultiple(of: 3)
            if seed.isMultiple(of: 5) { options.apps = [.fake(.tensorBoard)] }
            if seed.isMultiple(of: 4) { options.automatic[1] = .fake(.jupyter, door: DoorUse()) }
            if seed.isMultiple(of: 12) { options.openPorts = [8888, 7007] }
        }
        up.send(.started)
        let names = ["tensorboard", "tb", "jupyter", "lab", "visdom", "other"]
        let ports: [UInt16] = [6006, 8888, 8097]
        var rules: [IngressRule] = []
        for _ in 0..<500 {
            up.stopsAtOnce = Bool.random(using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                rules.removeAll { _ in Int.random(in: 0..<4, using: &random) == 0 }
                let name = names[Int.random(in: 0..<names.count, using: &random)]
                rules.removeAll { $0.name == name }
                let port = ports[Int.random(in: 0..<ports.count, using: &random)]
                rules.append(IngressRule(name, port, "/ingress/\(Int.random(in: 0..<3, using: &random))/"))
                up.read(rules)
            case 2: up.send(.rules(.failed(.missing(path: "/p"))))
            case 3:
                if let name = up.running.keys.sorted().randomElement(using: &random) { up.end(name, .exited(code: 1)) }
            case 4: up.pass(.milliseconds(Int.random(in: 0..<100_000, using: &random)))
            case 5:
                let port = ports[Int.random(in: 0..<ports.count, using: &random)]
                if up.foreignPorts.remove(port) == nil, !up.ports.values.contains(port) { up.foreignPorts.insert(port) }
            default: up.pass(.milliseconds(200))
            }
        }
        up.stopsAtOnce = false
        up.send(.signal(.terminate))
        up.pass(.seconds(20))
        #expect(up.exitCode == 143)
        #expect(up.running.isEmpty)
    }
}
