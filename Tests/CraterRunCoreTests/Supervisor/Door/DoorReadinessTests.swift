import CraterRunCore
import Testing

/// When it is said that an app behind the front door is ready: not before the door serves the app.
struct DoorReadinessTests {
    /// TensorBoard behind a door that has not confirmed the routes with the ready app.
    private func unconfirmed(_ use: DoorUse = DoorUse()) -> SupervisorDriver {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard, door: use)] }
        up.door.answers = false
        up.send(.started)
        up.read([.board])
        up.pass(.seconds(1))
        #expect(up.route(of: "tensorboard")?.backend == .port(40_100), "the door is told")
        return up
    }

    private func confirm(_ up: inout SupervisorDriver) {
        up.send(.door(.said(.serving(up.door.routes.generation))))
    }

    private func said(_ up: inout SupervisorDriver) -> [String] {
        up.takeDone().compactMap { if case .log(let entry) = $0 { entry.message } else { nil } }
    }

    private func isReady(_ up: SupervisorDriver) -> Bool { up.supervisor.report.apps.first?.isReady ?? false }

    @Test func onceTheDoorServesTheApp() {
        var up = unconfirmed()
        #expect(!said(&up).contains { $0.contains("ready") } && !isReady(up))
        #expect(up.supervisor.report.apps.first?.state == .starting)
        confirm(&up)
        let all = said(&up)
        #expect(all.count == 1 && all[0].contains("ready after") && isReady(up), "\(all)")
        confirm(&up)
        #expect(said(&up) == [], "it is said once")
    }

    @Test func notForEarlierRoutes() {
        var up = unconfirmed()
        up.send(.door(.said(.serving(up.door.routes.generation - 1))))
        #expect(!said(&up).contains { $0.contains("ready") } && !isReady(up))
    }

    @Test func alsoForLaterRoutes() {
        var up = unconfirmed()
        _ = said(&up)
        up.send(.output(app: "tensorboard", ["a line"]))
        confirm(&up)
        #expect(said(&up).contains { $0.contains("ready after") } && isReady(up))
    }

    @Test func theLinkFollows() throws {
        var up = unconfirmed(DoorUse(hasLogin: true))
        up.send(.login(app: "tensorboard", try LoginKey("secret key")))
        #expect(!said(&up).contains { $0.contains("open") })
        confirm(&up)
        let all = said(&up)
        #expect(all.count == 2 && all.first?.contains("ready after") ?? false, "\(all)")
        #expect(all.last?.contains("open /ingress/board/#key=") ?? false)
    }

    @Test func notOfAnAppThatHasEndedMeanwhile() {
        var up = unconfirmed()
        up.end("tensorboard", .exited(code: 3))
        _ = said(&up)
        confirm(&up)
        #expect(!said(&up).contains { $0.contains("ready") })
        #expect(up.supervisor.report.apps.first?.state == .backingOff)
    }

    @Test func byTheNextDoorIfTheFirstOneDies() {
        var up = unconfirmed()
        up.door.answers = true
        up.door.end()
        up.send(.door(.ended(.signaled(.kill))))
        #expect(said(&up).contains { $0.contains("ready after") } && isReady(up))
    }

    @Test func againAfterATimeOfNoAnswers() {
        var up = unconfirmed()
        confirm(&up)
        up.answersChecks = false
        for _ in 0..<2 {
            up.pass(.seconds(11))
            up.send(.app("tensorboard", .checked(.nobodyListens)))
        }
        #expect(up.states == ["tensorboard": .unready])
        _ = said(&up)
        up.answersChecks = true
        up.pass(.seconds(2))
        #expect(up.states == ["tensorboard": .ready] && up.supervisor.report.apps.first?.state == .unready)
        #expect(!said(&up).contains { $0.contains("ready again") })
        confirm(&up)
        #expect(said(&up).contains { $0.contains("ready again") } && isReady(up))
    }
}
