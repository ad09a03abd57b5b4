import CraterRunCore
import Testing

/// The doctor and the supervisor do not contradict each other: what that one finds ready is not broken.
struct DoctorAgreementTests {
    /// What a supervisor says of an app that is ready at the usual rule's place.
    private static func served(_ change: (inout ReportedApp) -> Void = { _ in }) -> ReportedApp {
        var app = ReportedApp(state: "ready", port: 6006, prefix: "/ingress/liuxw24-379e0")
        app.pid = 12
        change(&app)
        return app
    }

    private func diagnosis(_ given: DoctorCase, _ apps: [String: ReportedApp]) -> Diagnosis {
        var given = given
        given.supervisor = .answers(apps: apps)
        return given.diagnosis
    }

    /// A case that is broken in one place, as far as can be seen from here.
    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let link: DoctorCheck.Link
        let change: @Sendable (inout DoctorCase) -> Void

        init(
            _ testDescription: String, _ link: DoctorCheck.Link,
            _ change: @escaping @Sendable (inout DoctorCase) -> Void
        ) {
            (self.testDescription, self.link, self.change) = (testDescription, link, change)
        }
    }

    static let faults = [
        Fault("a program that is not found by this PATH", .executable) { $0.program = .failed(.notFound("nowhere")) },
        Fault("a lack of a program that is not the one that runs", .executable) {
            $0.program = .found(
                words: ["/usr/bin/python3"], version: "1", notes: [], lack: AppLack("it is empty", remedy: "Get it"))
        },
        Fault("a 404 where it is asked", .answer) {
            $0.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404))
        },
        Fault("no answer in time", .answer) {
            $0.port = PortFacts(isTaken: true, underPrefix: .silent(reason: "no answer"))
        },
        Fault("a login elsewhere", .answer) {
            $0.port = PortFacts(isTaken: true, underPrefix: .answered(status: 302), location: "/login")
        },
        Fault("a process of another name", .port) {
            $0.processes = [ListeningProcess(pid: 7, name: "wrapper", words: ["wrapper"], ports: [6006])]
            $0.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404))
        },
        Fault("loopback alone", .listening) {
            $0.listeners = [Listener(port: 6006, isLoopback: true, inode: 1, uid: 0)]
        },
    ]

    @Test(arguments: faults)
    func whatTheSupervisorFindsReadyIsNotBroken(fault: Fault) {
        var given = DoctorCase()
        fault.change(&given)
        // A silent program is of no account where the app answers.
        if fault.link != .executable || given.program != .failed(.notFound("nowhere")) {
            #expect(given.diagnosis.broken?.link == fault.link)
        }
        let agreed = diagnosis(given, ["tensorboard": Self.served()])
        #expect(agreed.isSound, "\(agreed.checks)")
        #expect(agreed.status(fault.link) == .skipped)
        // A stranger's word is none, and what is not ready may be broken.
        let stranger = diagnosis(given, ["tensorboard": Self.served { $0.stranger = 4711 }])
        #expect(stranger.isSound == given.diagnosis.isSound)
        if fault.link != .executable {
            let unready = diagnosis(
                given, ["tensorboard": ReportedApp(state: "starting", port: 6006, prefix: "/ingress/liuxw24-379e0/")])
            #expect(unready.broken?.link == fault.link)
        }
    }

    /// The supervisor knows it as well, and has said so.
    @Test func whatTheProgramLacksThatRunsIsBrokenAllTheSame() {
        var given = DoctorCase()
        let lack = AppLack("it is empty", remedy: "Get it")
        given.program = .found(words: ["/opt/conda/bin/tensorboard"], version: "1", notes: [], lack: lack)
        #expect(diagnosis(given, ["tensorboard": Self.served()]).broken?.link == .executable)
        // Visdom's script is not executed, but its interpreter.
        given.program = .found(words: ["/x/tb"], version: "1", notes: [], lack: lack, file: "/opt/conda/bin/python")
        #expect(diagnosis(given, ["tensorboard": Self.served()]).broken?.link == .executable)
    }

    @Test func asksWhereTheSupervisorAsks() {
        func subject(_ change: (inout ReportedApp) -> Void) -> DoctorSubject? {
            let file = AnnotationsFile(
                parsing: Array(#"ingress.crater.raids.io/lars="{\"Port\":6006,\"Prefix\":\"/x/\"}""#.utf8))
            var app = ReportedApp(state: "ready", port: 6006, prefix: "/x")
            change(&app)
            return DoctorSubject.choose(
                names: ["lars"], definitions: [], rules: IngressRules(annotations: file), served: ["any": app]
            ).first
        }
        let told = subject {
            $0.readyPath = "/health"
            $0.alsoReadyWith = [418]
        }
        #expect(told?.readiness.path == "/health" && told?.readiness.accepts(418) == true)
        #expect(told?.readiness.accepts(401) == false)
        // Of another place, of an older version, and of somebody who would have us ask for something else.
        for change: (inout ReportedApp) -> Void in [
            { $0.readyPath = "/health" }, { $0.alsoReadyWith = [418] }, { _ in },
        ] {
            #expect(subject(change)?.readiness.path == "" && subject(change)?.readiness.accepts(401) == true)
        }
        for path in ["health", "/a b", "/a\r\nHost: b", "/\u{202E}"] {
            #expect(subject { ($0.readyPath, $0.alsoReadyWith) = (path, []) }?.readiness.path == "", "\(path)")
        }
    }

    // MARK: - By which rule

    private static let tb = IngressRule("tb", 7007, "/ingress/y")

    /// `--rule`, of which the supervisor alone knows.
    @Test func goesByTheRuleThatTheSupervisorGoesBy() {
        let app = ReportedApp(state: "ready", port: 7007, prefix: "/ingress/y")
        for (name, rules) in [
            ("tensorboard", [IngressRule.manual, Self.tb]), ("tensorboard-2", [.manual, Self.tb]),
            ("tb", [.manual, Self.tb]), ("tensorboard", [.manual, IngressRule("lars", 7007, "/ingress/y")]),
        ] {
            for names in [[], ["tensorboard"]] {
                let found = diagnosis(DoctorCase(rules: rules, names: names), [name: app])
                #expect(found.isSound, "\(found.checks)")
                #expect(found.check(.rule)?.message.contains("port 7007, /ingress/y/") == true)
            }
        }
        // The rule that was asked for is looked at, whoever is served by which.
        let asked = diagnosis(DoctorCase(rules: [.manual, Self.tb], names: ["tb"]), ["tensorboard": Self.served()])
        #expect(asked.check(.rule)?.message.contains("port 7007") == true)
    }

    @Test func looksAtBothOfTwoAppsOfAKind() {
        let apps = [
            "tensorboard": Self.served(),
            "tensorboard-2": ReportedApp(state: "ready", port: 7007, prefix: "/ingress/y"),
        ]
        let found = diagnosis(DoctorCase(rules: [.manual, Self.tb]), apps)
        #expect(found.isSound, "\(found.checks)")
        #expect(found.checks.filter { $0.link == .answer }.map(\.app) == ["tensorboard", "tb"])
        let one = diagnosis(DoctorCase(rules: [.manual, Self.tb], names: ["tensorboard-2"]), apps)
        #expect(one.isSound && one.check(.rule)?.message.hasPrefix("by the rule tb: port 7007") == true)
    }

    /// By hand beside the entry point: of two of one name neither hides the other.
    @Test func looksAtWhatASecondSupervisorServes() {
        let other = ReportedApp(state: "ready", port: 7113, prefix: "/elsewhere")
        let found = diagnosis(DoctorCase(), ["tensorboard": other, "tensorboard (pid 7)": Self.served()])
        #expect(found.isSound, "\(found.checks)")
        var fixed = ReportedApp(state: "ready", port: 7000, prefix: "/x")
        fixed.isFixed = true
        let byHand = diagnosis(
            DoctorCase(names: ["tensorboard"]), ["tensorboard": other, "tensorboard (pid 7)": fixed])
        #expect(byHand.isSound, "\(byHand.checks)")
        #expect(byHand.check(.rule)?.message.contains("port 7000") == true)
    }

    /// `--port` and `--prefix`: what is served needs no rule.
    @Test(arguments: [[], [IngressRule.manual], [IngressRule("lars", 4210, "/l")]])
    func goesByTheFlagsThatStandForARule(rules: [IngressRule]) {
        var app = ReportedApp(state: "ready", port: 7000, prefix: "/x")
        app.isFixed = true
        for names in [[], ["tensorboard"]] {
            let found = diagnosis(DoctorCase(rules: rules, names: names), ["tensorboard": app])
            #expect(found.isSound, "\(found.checks)")
            let rule = found.checks.first { $0.link == .rule && $0.app == "tensorboard" }
            #expect(rule?.message.hasPrefix("by no rule: crater-run serves it at port 7000, /x/, as --port") == true)
            #expect(rule?.message.contains("Nobody serves its rule tensorboard (port 6006") == (rules == [.manual]))
            #expect(
                found.checks.first { $0.link == .answer && $0.app == "tensorboard" }?.message.contains("at /x/data")
                    == true)
        }
        let none = DoctorCase(reading: .failure(.missing(path: "/etc/podinfo/annotations")), neighbours: nil)
        #expect(!none.diagnosis.isSound)
        #expect(diagnosis(none, ["tensorboard": app]).isSound)
        // One that waits for its rule misses the volume.
        #expect(!diagnosis(none, ["tensorboard": app, "jupyter": ReportedApp(state: "waiting")]).isSound)
        app.stranger = 4711
        #expect(diagnosis(DoctorCase(rules: [], names: ["tensorboard"]), ["tensorboard": app]).broken?.link == .rules)
    }

    @Test func anAppThatIsStartingListensNowhereYet() {
        let given = DoctorCase(port: PortFacts(isTaken: false), listeners: [], processes: [])
        let app = ReportedApp(state: "starting", port: 6006, prefix: "/ingress/liuxw24-379e0/")
        let found = diagnosis(given, ["tensorboard": app])
        #expect(found.isSound)
        #expect(
            found.check(.port)
                == .skipped(.port, app: "tensorboard", "nobody listens at port 6006 yet: crater-run is starting it"))
    }

    /// It may be false: it is shown, and whose it is.
    @Test(arguments: ["ready", "failed", "waiting", "unready"]) func aStrangersWordBreaksNothing(state: String) {
        var app = ReportedApp(state: state, port: 7000, prefix: "/x")
        app.stranger = 4711
        let found = diagnosis(DoctorCase(), ["tensorboard": app])
        #expect(found.isSound, "\(found.checks)")
        app = ReportedApp(state: state)
        app.stranger = 4711
        let other = diagnosis(DoctorCase(), ["tensorboard": app])
        #expect(other.check(.serving)?.message.contains("user 4711") == true)
        #expect(other.isSound)
    }
}
