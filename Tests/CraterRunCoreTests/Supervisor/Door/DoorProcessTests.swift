import CraterRunCore
import Testing

/// The front door's process: it ends, hangs, or cannot be started, and nothing else notices.
struct DoorProcessTests {
    private func end(_ up: inout SupervisorDriver) {
        up.door.end()
        up.send(.door(.ended(.signaled(.kill))))
    }

    private func isServing(_ up: SupervisorDriver) -> Bool {
        up.door.pid != nil && up.door.accepting == [6006] && up.route(of: "tensorboard")?.target == .port(40_100)
    }

    @Test func anotherFollowsAtOnce() {
        var up = SupervisorDriver.behindDoor()
        end(&up)
        #expect(up.door.starts == 2 && isServing(up) && up.door.open == [6006])
        #expect(up.running["tensorboard"]?.pid == 100 && up.supervisor.report.apps.first?.isReady == true)
    }

    @Test func aRowOfEndsIsSlowedDownAndForgotten() {
        var up = SupervisorDriver.behindDoor()
        var delays: [Duration] = []
        for _ in 0..<8 {
            end(&up)
            let start = up.now
            while up.door.pid == nil { up.pass(.milliseconds(50)) }
            delays.append(start.duration(to: up.now))
            #expect(isServing(up))
        }
        #expect(delays.first == .zero && delays[1] <= .milliseconds(100) && delays.last == .seconds(5))
        #expect(zip(delays, delays.dropFirst()).allSatisfy { $0 <= $1 })
        up.pass(.seconds(20))
        end(&up)
        #expect(isServing(up), "after a while of peace, another follows at once")
    }

    @Test func withoutADoorForAWhileNoAppIsReadyOutside() {
        var up = SupervisorDriver.behindDoor()
        end(&up)
        end(&up)
        let report = up.supervisor.report
        #expect(report.door?.pid == nil && report.door?.problem != nil && report.apps.first?.isReady == false)
        #expect(ReadyWhen.any.obstacle(in: report)?.contains("front door") ?? false)
        up.pass(.seconds(1))
        #expect(up.supervisor.report.apps.first?.isReady == true)
    }

    @Test func oneThatCannotBeUnderstoodIsReplaced() {
        var up = SupervisorDriver.behindDoor()
        up.send(.door(.linkFailed("says what cannot be understood")))
        #expect(up.door.kills == 1 && up.door.starts == 2 && isServing(up))
    }

    @Test func oneThatCannotBeStartedIsTriedAgain() {
        var up = SupervisorDriver { $0.apps = [.fake(.tensorBoard, door: DoorUse())] }
        up.door.starting = "no memory"
        up.send(.started)
        up.read([.board])
        #expect(up.supervisor.report.door?.problem?.contains("no memory") ?? false)
        #expect(up.states["tensorboard"] != .backingOff, "the app is started all the same")
        up.door.starting = nil
        up.pass(.seconds(5))
        #expect(isServing(up))
    }

    @Test func whatItSaysOfItsUseIsReported() {
        var up = SupervisorDriver.behindDoor()
        let use = DoorActivity(app: "tensorboard", requests: 7, open: 1, tunnels: 2, lastUse: nil)
        up.send(.door(.said(.activity([use]))))
        #expect(up.supervisor.report.door?.activity == ["tensorboard": use])
        #expect(up.supervisor.report.door?.isServing == true && up.supervisor.report.door?.ports == [6006])
    }

    @Test func itsTroubleIsLogged() {
        var up = SupervisorDriver.behindDoor()
        let effects = up.send(.door(.said(.trouble("cannot accept: no descriptor"))))
        let said = effects.contains {
            if case .log(let entry) = $0 { entry.message == "front door: cannot accept: no descriptor" } else { false }
        }
        #expect(said)
    }

    @Test func aSupervisorThatEndsStartsNoOther() {
        var up = SupervisorDriver.behindDoor()
        up.send(.signal(.terminate))
        #expect(up.exitCode == 143 && up.door.starts == 1)
    }
}
