import CraterRunCore
import Testing

/// The doctor's lines about an app that is served through a front door.
struct DoctorDoorTests {
    private func checks(
        _ door: ReportedApp.Door, state: String = "ready", answer: CheckOutcome? = .answered(status: 200),
        isTaken: Bool = true, listeners: [Listener] = [Listener(port: 41_233, isLoopback: true, inode: 1, uid: 0)]
    ) -> [DoctorCheck] {
        var app = ReportedApp(state: state, port: 6006, prefix: IngressRule.manual.prefix.withTrailingSlash)
        (app.supervisor, app.name, app.pid, app.door) = (7, "tensorboard", 8, door)
        var chain = DoctorCase()
        chain.port = PortFacts(isTaken: isTaken, underPrefix: answer)
        chain.listeners = listeners
        // The listening socket is the supervisor's.
        chain.processes = [ListeningProcess(pid: 7, name: "crater-run", ports: [6006])]
        chain.supervisor = .answers(apps: ["tensorboard": app])
        return chain.diagnosis.checks.filter { [.port, .door, .listening, .answer].contains($0.link) }
    }

    private let open = ReportedApp.Door(use: DoorUse(), pid: 9, backend: .port(41_233))

    private func statuses(_ checks: [DoctorCheck]) -> [String] {
        checks.map { "\($0.link.rawValue) \($0.status.rawValue)" }
    }

    @Test func allIsWell() {
        let checks = checks(open)
        #expect(statuses(checks) == ["door ok", "listening ok", "answer ok"])
        #expect(checks.first?.message == "the front door (pid 9) accepts at port 6006, and forwards to 127.0.0.1:41233")
    }

    @Test(arguments: [("ready", "ok"), ("starting", "skipped")])
    func anAppAtASocketIsReachedByTheDoorAlone(state: String, listening: String) {
        let door = ReportedApp.Door(use: DoorUse(), pid: 9, backend: .socket(path: "/run/x/socket"))
        let checks = checks(door, state: state)
        #expect(statuses(checks) == ["door ok", "listening \(listening)", "answer ok"])
        #expect(checks.first?.message == "the front door (pid 9) accepts at port 6006, and forwards to /run/x/socket")
    }

    @Test func aLoginAnswers401() {
        let door = ReportedApp.Door(use: DoorUse(strips: true, hasLogin: true), pid: 9, backend: .port(41_233))
        let checks = checks(door, answer: .answered(status: 401))
        #expect(statuses(checks) == ["door ok", "listening ok", "answer ok"])
        #expect(checks.first?.message.contains("without the prefix; it asks for a key") ?? false)
        #expect(statuses(self.checks(open, answer: .answered(status: 401))).last == "answer failed")
    }

    @Test func pastALoginAnAppAtAllAddressesCanBeReached() {
        let door = ReportedApp.Door(use: DoorUse(hasLogin: true), pid: 9, backend: .port(41_233))
        let listeners = [Listener(port: 41_233, isLoopback: false, inode: 1, uid: 0)]
        let checks = checks(door, answer: .answered(status: 401), listeners: listeners)
        #expect(checks.first { $0.link == .listening }?.message.contains("needs no key") ?? false)
    }

    @Test func withoutTheDoorNobodyGetsThrough() {
        let door = ReportedApp.Door(use: DoorUse(), backend: .port(41_233), problem: "the front door ended: SIGKILL")
        #expect(statuses(checks(door)) == ["door failed", "listening skipped", "answer skipped"])
        #expect(statuses(checks(open, isTaken: false)).first == "door failed")
    }

    @Test func itsPageWhileTheAppIsNotThereIsNoFault() {
        let door = ReportedApp.Door(use: DoorUse(), pid: 9)
        let checks = checks(door, state: "backing-off", answer: .answered(status: 503), listeners: [])
        #expect(statuses(checks) == ["door ok", "listening skipped", "answer skipped"])
    }

    @Test func aDoorThatDoesNotAnswerIsOne() {
        #expect(statuses(checks(open, answer: .silent(reason: "no answer within 3s"))).last == "answer failed")
    }
}
