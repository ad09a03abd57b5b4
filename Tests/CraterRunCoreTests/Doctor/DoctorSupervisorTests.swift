import CraterRunCore
import Testing

/// What a supervisor says, or left behind.
struct DoctorSupervisorTests {
    private func diagnosis(_ look: SupervisorFacts) -> Diagnosis { DoctorCase(supervisor: look).diagnosis }

    @Test func needsNone() {
        #expect(diagnosis(.notAsked).check(.supervisor) == nil)
        #expect(diagnosis(.none).status(.supervisor) == .skipped)
        #expect(diagnosis(.none).isSound)
    }

    @Test func reportsWhatAStaleOneLeft() {
        let stale = diagnosis(.stale(path: "/run/crater-run/control socket"))
        #expect(stale.broken?.link == .supervisor)
        #expect(stale.broken?.message.contains("/run/crater-run/control socket") == true)
        #expect(stale.broken?.remedy?.contains("Start crater-run again") == true)
    }

    @Test func isNotTakenForNoneWhereItCannotBeAsked() {
        let elsewhere = diagnosis(.elsewhere(pid: 7))
        #expect(elsewhere.isSound && elsewhere.check(.supervisor)?.message.contains("runs as pid 7") == true)
        let hidden = diagnosis(.hidden(pid: 7, reason: "/tmp can be written to by everybody\n"))
        #expect(
            hidden.broken?.message.contains(#"(pid 7), and cannot be asked: /tmp can be written to by everybody\n"#)
                == true)
        #expect(hidden.broken?.remedy?.contains("CRATER_RUN_DIR") == true)
    }

    @Test func listsWhatAnAnsweringOneServes() {
        let apps = ["tensorboard": ReportedApp(state: "ready", port: 6006), "jupyter": ReportedApp(state: "ready")]
        let found = diagnosis(.answers(apps: apps))
        #expect(found.check(.supervisor)?.message == "it answers: jupyter is ready, tensorboard is ready")
        #expect(found.checks.filter { $0.link == .serving }.map(\.app) == ["tensorboard", "jupyter"])
        #expect(found.isSound)
        #expect(diagnosis(.answers(apps: [:])).check(.supervisor)?.message == "it answers, and serves no app")
    }

    /// As one that has no directory for its control socket.
    @Test func listsWhatOneServesThatAnswersAtItsPortAlone() {
        let found = diagnosis(.answers(apps: ["tensorboard": ReportedApp(state: "ready")], atPort: 9550))
        let message = found.check(.supervisor)?.message ?? ""
        #expect(
            message.hasPrefix(
                "one answers at port 9550, of this container or of another one of the pod: tensorboard is"))
        #expect(message.contains("CRATER_RUN_DIR"))
        #expect(found.checks.filter { $0.link == .serving }.map(\.status) == [.ok])
        #expect(found.isSound)
        let failed = diagnosis(.answers(apps: ["tensorboard": ReportedApp(state: "failed")], atPort: 9550))
        #expect(failed.broken?.link == .serving)
    }

    struct State: Sendable {
        let name: String
        let status: DoctorCheck.Status
    }

    @Test(arguments: [
        State(name: "waiting", status: .failed), State(name: "starting", status: .skipped),
        State(name: "ready", status: .ok),
        State(name: "unready", status: .failed), State(name: "stopping", status: .skipped),
        State(name: "stopped", status: .skipped), State(name: "backing-off", status: .failed),
        State(name: "failed", status: .failed), State(name: "external", status: .ok),
    ])
    func judgesTheStateOfAnApp(_ state: State) {
        let app = ReportedApp(state: state.name, reason: "exit code 3")
        let check = diagnosis(.answers(apps: ["tensorboard": app])).check(.serving)
        #expect(check?.status == state.status)
        #expect(check?.message == "it is \(state.name): exit code 3")
        #expect(check?.app == "tensorboard")
    }

    /// The log is quiet while one fault repeats.
    @Test func doesNotSendToAQuietLog() {
        let reason = "exited with code 1 after 2 s (pid 7), each time the same way: KeyError: 'x'"
        let quiet = diagnosis(
            .answers(apps: ["tensorboard": ReportedApp(state: "backing-off", reason: reason)]))
        #expect(quiet.broken?.message.hasSuffix(reason) == true)
        #expect(quiet.broken?.remedy?.contains("See in the log") == false)
        #expect(quiet.broken?.remedy?.contains("crater-run restart tensorboard") == true)
        for app in [
            ReportedApp(state: "backing-off", reason: "exited with code 1 after 2 s (pid 7)"),
            ReportedApp(state: "failed", reason: reason),
        ] {
            let loud = diagnosis(.answers(apps: ["tensorboard": app]))
            #expect(loud.broken?.remedy?.contains("See in the log") == true)
        }
    }

    @Test func saysHowToEndEachKindOfWaiting() {
        func remedy(_ given: DoctorCase) -> String {
            var given = given
            given.supervisor = .answers(apps: ["tensorboard": ReportedApp(state: "waiting")])
            return given.diagnosis.checks.first { $0.link == .serving }?.remedy ?? ""
        }
        #expect(remedy(DoctorCase()).hasPrefix("The rule is there now"))
        #expect(remedy(DoctorCase(rules: [])).hasPrefix("Add its ingress rule"))
        let two = remedy(DoctorCase(rules: [.manual, IngressRule("tb", 7007, "/ingress/y")]))
        #expect(two.contains("with --rule tb in its line of --app") && !two.contains("Add its"), "\(two)")
        let bad = remedy(
            DoctorCase(rules: [], lines: [#"ingress.crater.raids.io/tb="{\"Port\":0,\"Prefix\":\"/x/\"}""#]))
        #expect(bad.hasPrefix("Mend its rule tb on the job's page"))
    }

    /// An app whose program cannot be executed has written nothing.
    @Test(arguments: ["there is no such program: /x", "cannot execute /x: Permission denied"])
    func doesNotSendToTheLogOfWhatNeverRan(reason: String) {
        let found = diagnosis(.answers(apps: ["tensorboard": ReportedApp(state: "failed", reason: reason)]))
        #expect(found.broken?.remedy?.contains("See in the log") == false)
        #expect(found.broken?.remedy?.contains("crater-run restart tensorboard") == true)
    }

    @Test func saysHowToStartAgainWhatWasGivenUp() {
        let failed = diagnosis(.answers(apps: ["tensorboard": ReportedApp(state: "failed")]))
        #expect(failed.broken?.remedy?.hasSuffix("crater-run restart tensorboard.") == true)
    }

    @Test(arguments: [
        (ReportedApp(state: "ready", port: 6007), "serves it at port 6007, and the rule tensorboard says port 6006"),
        (
            ReportedApp(state: "ready", port: 6006, prefix: "/ingress/old/"),
            "serves it at /ingress/old/, and the rule"
        ),
        (ReportedApp(state: "ready", prefix: "/"), "with the wrong --prefix"),
    ])
    func tellsAnAppThatIsServedBesideItsRule(_ app: ReportedApp, _ message: String) {
        let found = diagnosis(.answers(apps: ["tensorboard": app]))
        #expect(found.broken?.link == .serving)
        #expect(found.broken?.message.contains(message) == true, "\(found.checks)")
        #expect(found.broken?.remedy?.contains("so that it follows the rule: crater-run tensorboard") == true)
    }

    @Test func takesAPrefixWithAndWithoutItsSlash() {
        for prefix in ["/ingress/liuxw24-379e0", "/ingress/liuxw24-379e0/"] {
            let app = ReportedApp(state: "ready", port: 6006, prefix: prefix)
            #expect(diagnosis(.answers(apps: ["tensorboard": app])).isSound)
        }
    }
}
