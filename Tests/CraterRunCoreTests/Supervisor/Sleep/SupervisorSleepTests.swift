import CraterRunCore
import Testing

/// Apps that sleep, as a supervisor looks after them: over days of a clock that only the story moves.
struct SupervisorSleepTests {
    /// So many minutes pass, with a tick every five of them: the front door's pings alone would be thousands.
    private func pass(_ up: inout SupervisorDriver, minutes: Int) {
        for _ in 0..<(minutes / 5) { up.beStopped(for: .seconds(300)) }
    }

    private func pass(_ up: inout SupervisorDriver, hours: Int) { pass(&up, minutes: hours * 60) }

    /// Apps behind the front door, each with its rule.
    private func up(
        _ apps: [(AppIdentity, IngressRule)] = [(.tensorBoard, .board)], after: Duration? = .seconds(7200),
        canBeBusy: Bool = false, door: DoorUse? = DoorUse()
    ) -> SupervisorDriver {
        var up = SupervisorDriver { options in
            options.apps = apps.map { identity, _ in
                var definition = AppDefinition.fake(identity, door: door)
                definition.policy.sleepAfter = after
                definition.policy.canBeBusy = canBeBusy
                return definition
            }
        }
        up.send(.started)
        up.read(apps.map(\.1))
        up.pass(.seconds(20))
        #expect(up.states.values.allSatisfy { $0 == .ready })
        return up
    }

    /// The door tells that a person has used the app.
    private func use(_ up: inout SupervisorDriver, _ name: String = "tensorboard") {
        let date = WallTime(milliseconds: up.now.nanoseconds / 1_000_000)
        up.send(.door(.said(.activity([activity(name, date)]))))
    }

    /// The door tells that an open page has asked for the same as ever.
    private func poll(_ up: inout SupervisorDriver, _ name: String = "tensorboard") {
        let last = up.supervisor.report.door?.activity[name]?.lastUse
        up.send(.door(.said(.activity([activity(name, last)]))))
    }

    private func activity(_ name: String, _ lastUse: WallTime?) -> DoorActivity {
        DoorActivity(app: name, requests: 1, open: 0, tunnels: 1, lastUse: lastUse)
    }

    @Test func whatNobodyUsesSleepsAndWhatIsUsedDoesNot() {
        var up = up([(.tensorBoard, .board), (.jupyter, .lab), (.visdom, .plots)])
        for minute in stride(from: 5, through: 24 * 60, by: 5) {
            pass(&up, minutes: 5)
            // Jupyter is used now and then, Visdom until noon; TensorBoard's page is only open.
            if minute % 115 == 0 { use(&up, "jupyter") }
            if minute <= 12 * 60, minute % 60 == 0 { use(&up, "visdom") }
            poll(&up)
            #expect(up.states["jupyter"] == .ready)
            #expect(up.states["tensorboard"] == (minute < 120 ? .ready : .asleep), "minute \(minute)")
            #expect(up.states["visdom"] == (minute < 14 * 60 + 5 ? .ready : .asleep), "minute \(minute)")
        }
        #expect(up.running.keys.sorted() == ["jupyter"])
    }

    @Test(arguments: [AppActivity.busy, .idle(quiet: .seconds(60)), .unknown("it does not answer"), nil])
    func workIsNotEnded(activity: AppActivity?) {
        var up = up([(.jupyter, .lab)], canBeBusy: true)
        up.activity = activity
        for _ in 0..<24 {
            pass(&up, hours: 1)
            #expect(up.states == ["jupyter": .ready])
        }
        let complaints = up.done.count { effect in
            if case .log(let entry) = effect { entry.message.contains("stays awake") } else { false }
        }
        #expect(complaints == (activity == .unknown("it does not answer") ? 1 : 0), "it is said once")
        let last = up.supervisor.report.apps.first?.lastUse
        #expect((last != nil) == (activity == .busy))
        up.activity = .idle(quiet: nil)
        pass(&up, hours: 5)
        #expect(up.states == ["jupyter": activity == nil ? .ready : .asleep])
    }

    @Test func aVisitWakes() throws {
        var up = up()
        pass(&up, hours: 3)
        let route = try #require(up.route(of: "tensorboard"))
        #expect(route.state.state == .asleep && route.target == nil, "the door knows, and still serves the address")
        #expect(up.door.accepting == [6006])
        poll(&up)
        #expect(up.states == ["tensorboard": .asleep], "a page that is open does not wake")
        use(&up)
        up.pass(.seconds(2))
        #expect(up.states == ["tensorboard": .ready] && up.route(of: "tensorboard")?.target != nil)
        pass(&up, hours: 1)
        #expect(up.states == ["tensorboard": .ready])
        pass(&up, hours: 2)
        #expect(up.states == ["tensorboard": .asleep])
    }

    @Test func aVisitOnTheWayWakes() {
        var up = up()
        up.stopsAtOnce = false
        // Two hours and two seconds after its start.
        pass(&up, minutes: 115)
        up.pass(.seconds(285))
        #expect(up.states == ["tensorboard": .stopping])
        use(&up)
        up.end("tensorboard", .signaled(.terminate))
        up.pass(.seconds(2))
        #expect(up.states == ["tensorboard": .ready])
    }

    @Test func itCountsAsReadyAndNotAsAnswering() {
        var up = up()
        pass(&up, hours: 3)
        let report = up.supervisor.report
        #expect(report.apps.first?.isAvailable == true && report.apps.first?.isReady == false)
        for when in [ReadyWhen.any, .all, .apps(["tensorboard"])] { #expect(when.obstacle(in: report) == nil) }
    }

    @Test func whatAPersonHasStoppedStaysStopped() {
        var up = up()
        pass(&up, hours: 3)
        up.send(.command(.stop(app: "tensorboard"), number: 1))
        use(&up)
        pass(&up, hours: 24)
        #expect(up.states == ["tensorboard": .stopped] && up.running.isEmpty)
        up.send(.command(.start(app: "tensorboard"), number: 2))
        pass(&up, hours: 1)
        #expect(up.states == ["tensorboard": .ready])
        pass(&up, hours: 2)
        #expect(up.states == ["tensorboard": .asleep], "a start is a use")
    }

    @Test func aRuleWakesNothing() {
        var up = up()
        pass(&up, hours: 3)
        up.read([IngressRule("tensorboard", 7007, "/ingress/other/")])
        pass(&up, hours: 1)
        #expect(up.states == ["tensorboard": .asleep] && up.route(of: "tensorboard")?.port == 7007)
        up.read([])
        up.read([.board])
        use(&up)
        up.pass(.seconds(2))
        #expect(up.states == ["tensorboard": .ready] && up.route(of: "tensorboard")?.port == 6006)
    }

    @Test func anAutomaticOneIsRememberedAsAsleep() {
        var up = SupervisorDriver { options in
            var definition = AppDefinition.fake(.tensorBoard, door: DoorUse())
            definition.policy.sleepAfter = .seconds(7200)
            options.automatic = [definition]
        }
        up.send(.started)
        up.read([.board])
        pass(&up, hours: 3)
        up.read([])
        up.read([.board])
        pass(&up, hours: 1)
        #expect(up.states == ["tensorboard": .asleep] && up.running.isEmpty)
    }

    @Test func theEndWakesNothing() {
        var up = up()
        pass(&up, hours: 3)
        up.send(.signal(.terminate))
        #expect(up.exitCode == 143)
    }

    @Test(arguments: [nil, DoorUse()] as [DoorUse?]) func withoutTheSettingOrTheDoorNothingSleeps(door: DoorUse?) {
        var up = up(after: door == nil ? .seconds(7200) : nil, door: door)
        pass(&up, hours: 24)
        #expect(up.states == ["tensorboard": .ready])
    }

    /// Another door begins its count anew, and nobody has used the app through it.
    @Test func aNewDoorIsNoUse() {
        var up = up()
        pass(&up, hours: 1)
        use(&up)
        pass(&up, hours: 1)
        up.door.end()
        up.send(.door(.ended(.signaled(.kill))))
        up.send(.door(.said(.activity([activity("tensorboard", nil)]))))
        pass(&up, minutes: 65)
        #expect(up.states == ["tensorboard": .asleep])
    }

    @Test func whoStartsItAgainAndAgainFindsItAwake() {
        var up = up()
        for _ in 0..<10 {
            pass(&up, hours: 1)
            up.send(.command(.restart(app: "tensorboard"), number: 1))
            up.pass(.seconds(5))
            #expect(up.states == ["tensorboard": .ready])
        }
        up.end("tensorboard", .exited(code: 1))
        pass(&up, hours: 1)
        #expect(up.states == ["tensorboard": .ready], "a crash is a start, too")
    }
}
