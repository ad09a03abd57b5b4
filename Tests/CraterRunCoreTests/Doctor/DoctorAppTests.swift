import CraterRunCore
import Testing

/// From an app's rule to its page.
struct DoctorAppTests {
    // MARK: - The rule

    @Test func showsWhereTheAppIsOpened() throws {
        let diagnosis = DoctorCase(publicHost: try PublicHost("crater.example.org")).diagnosis
        #expect(
            diagnosis.check(.rule)?.message
                == "by the rule tensorboard: port 6006, https://crater.example.org/ingress/liuxw24-379e0/")
    }

    @Test func wantsARuleOfAnAppThatIsAskedFor() {
        let diagnosis = DoctorCase(rules: [IngressRule("lars", 4210, "/ingress/x")], names: ["tensorboard"]).diagnosis
        #expect(diagnosis.broken?.link == .rule)
        #expect(
            diagnosis.broken?.remedy
                == "On the job's page, add an ingress rule with the name tensorboard, or one on port 6006.")
        #expect(diagnosis.status(.port) == .skipped)
        let typo = DoctorCase(names: ["tensorbord"]).diagnosis
        #expect(typo.broken?.remedy?.contains("If an app was meant: there are tensorboard, jupyter, visdom") == true)
        // Without its name, it may do without.
        let others = DoctorCase(rules: [IngressRule("lars", 4210, "/ingress/x")]).diagnosis
        #expect(others.check(.rule)?.status == .skipped)
    }

    @Test func takesTheLabelForJupyterWhereNoAnnotationIsItsRule() {
        let diagnosis = DoctorCase(
            rules: [], labels: #"crater.raids.io/base-url="liuxw24-0a1b2""#, names: ["jupyter"], apps: [Jupyter()]
        ).diagnosis
        #expect(diagnosis.check(.rule)?.message.hasPrefix("by the label crater.raids.io/base-url") == true)
        #expect(diagnosis.check(.rule)?.message.hasSuffix("port 8888, /ingress/liuxw24-0a1b2/") == true)
        let none = DoctorCase(names: ["jupyter"], apps: [Jupyter()]).diagnosis
        #expect(none.broken?.remedy?.contains("the label crater.raids.io/base-url") == true)
    }

    /// The platform gives the label to every Pod: by itself it wants nothing.
    @Test(arguments: [[], [IngressRule.manual]])
    func findsNoFaultWithTheLabelWhereNobodyAsksForJupyter(rules: [IngressRule]) {
        var given = DoctorCase(rules: rules, labels: #"crater.raids.io/base-url="liuxw24-0a1b2""#)
        given.program = .failed(.notFound("there is none"))
        given.port = PortFacts(isTaken: false)
        // TensorBoard is not what this is about.
        given.apps = [Jupyter()]
        given.processes = []
        #expect(given.diagnosis.isSound, "\(given.diagnosis.checks.map(\.line))")
        #expect(given.diagnosis.check(.rules)?.message.contains("Jupyter, if asked for, is served by") == true)
        #expect(given.diagnosis.status(.rules) == (rules.isEmpty ? .skipped : .ok))
        #expect(!given.diagnosis.checks.contains { $0.app == "jupyter" && $0.link == .port })
        // Asked for here, and at a supervisor.
        given.names = ["jupyter"]
        #expect(given.diagnosis.broken?.link == .executable)
        given.names = []
        for name in ["jupyter", "jupyter-2"] {
            given.supervisor = .answers(apps: [name: ReportedApp(state: "starting")])
            #expect(given.diagnosis.broken?.link == .executable)
        }
        given.supervisor = .answers(apps: ["jupyter-lars": ReportedApp(state: "ready")])
        #expect(given.diagnosis.isSound)
    }

    @Test func saysNothingOfALabelThatMakesNoRuleUnlessJupyterIsAskedFor() {
        var given = DoctorCase(labels: #"crater.raids.io/base-url="x""#, apps: [TensorBoard(), Jupyter()])
        #expect(given.diagnosis.check(.rules)?.message.contains("label") == false)
        given.names = ["jupyter"]
        #expect(given.diagnosis.check(.rules)?.message.contains("cannot use the label") == true)
    }

    @Test func listsTheRulesThatCouldBeMeant() {
        let diagnosis = DoctorCase(rules: [.manual, IngressRule("tb", 7007, "/ingress/y")]).diagnosis
        #expect(diagnosis.broken?.link == .rule)
        #expect(diagnosis.broken?.remedy?.contains("crater-run tensorboard --rule tb") == true)
        let asked = DoctorCase(rules: [.manual, IngressRule("tb", 6006, "/ingress/y")], names: ["tb"]).diagnosis
        #expect(asked.check(.rule)?.message.hasPrefix("by the rule tb: ") == true)
    }

    @Test func looksAtRulesOfNoKnownAppToo() {
        var given = DoctorCase(rules: [IngressRule("lars", 6006, "/ingress/x")])
        given.apps = []
        #expect(given.diagnosis.checks.suffix(4).map(\.app) == Array(repeating: "lars", count: 4))
        #expect(given.diagnosis.isSound)
        #expect(given.diagnosis.status(.executable) == nil)
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404), atRoot: .answered(status: 200))
        #expect(given.diagnosis.broken?.link == .answer)
        #expect(given.diagnosis.broken?.remedy?.contains("{prefix}") == true)
        given.port = PortFacts(isTaken: false)
        #expect(given.diagnosis.check(.port)?.message.hasSuffix("start it with crater-run app lars -- COMMAND") == true)
    }

    // MARK: - Another port

    /// An app of `crater-run app` that was started with another port than its rule's.
    private func elsewhere(state: String = "starting", reason: String? = nil, isLoopback: Bool = false) -> DoctorCase {
        var given = DoctorCase(rules: [IngressRule("lars", 6006, "/ingress/x")])
        given.apps = []
        given.port = PortFacts(isTaken: false)
        given.listeners = [Listener(port: 43999, isLoopback: isLoopback, inode: 1, uid: 0)]
        given.processes = [
            ListeningProcess(
                pid: 7, name: "python3", ports: [43999], keeper: .supervisor(pid: 5), servedApp: "lars")
        ]
        given.supervisor = .answers(apps: [
            "lars": ReportedApp(state: state, reason: reason, port: 6006, prefix: "/ingress/x")
        ])
        return given
    }

    @Test func namesThePortAtWhichAnAppListensInsteadOfItsOwn() throws {
        for state in ["starting", "unready", "backing-off"] {
            let diagnosis = elsewhere(state: state).diagnosis
            #expect(!diagnosis.isSound)
            let check = try #require(diagnosis.check(.port))
            #expect(check.status == .failed)
            #expect(check.message.contains("python3 (pid 7)"))
            #expect(check.message.contains("listens at port 43999, and not at port 6006"))
            #expect(check.remedy?.contains("{port}") == true)
            // That alone would start the same words again.
            #expect(check.remedy?.contains("crater-run (pid 5) keeps the old line as long as it runs") == true)
            #expect(check.remedy?.contains("kill 5; crater-run app lars -- COMMAND") == true)
            #expect(check.remedy?.contains("this is enough: crater-run restart lars") == true)
        }
    }

    @Test func leavesAPortAloneThatAnAppHasForItself() {
        #expect(elsewhere(isLoopback: true).diagnosis.status(.port) == .skipped)
        let message = "it listens at port 43999, and not at port 6006, to which the ingress forwards: set it"
        for reason in [message, "\(message). It exited with code 1 after 2 s (pid 7)"] {
            #expect(elsewhere(reason: reason, isLoopback: true).diagnosis.status(.port) == .failed)
        }
        for reason in [
            "it listens at port 6006 on the loopback address alone, where the ingress cannot reach it",
            "it listens at port 43999, and not at port 60061, to which the ingress forwards: set it",
        ] {
            #expect(elsewhere(reason: reason, isLoopback: true).diagnosis.status(.port) == .skipped)
        }
        var other = elsewhere()
        other.processes = [other.processes[0].at([43999], keeper: .supervisor(pid: 5), servedApp: "another")]
        #expect(other.diagnosis.status(.port) == .skipped)
    }

    /// With `ssr_mode`, Gradio's Python listens above the rule's port some time before Node listens there.
    @Test(
        arguments: [
            (7861, nil, .skipped), (7960, nil, .skipped), (7961, nil, .failed), (7859, nil, .failed),
            (7861, "it listens at port 7861, and not at port 7860, to which the ingress forwards: x", .failed),
        ] as [(UInt16, String?, DoctorCheck.Status)])
    func leavesAPortAloneThatGradioOpensFirst(port: UInt16, reason: String?, status: DoctorCheck.Status) {
        var given = DoctorCase(rules: [IngressRule("gradio", 7860, "/ingress/x")])
        given.apps = [Gradio()]
        given.port = PortFacts(isTaken: false)
        given.listeners = [Listener(port: port, isLoopback: false, inode: 1, uid: 0)]
        given.processes = [
            ListeningProcess(
                pid: 7, name: "python3", ports: [port], keeper: .supervisor(pid: 5), servedApp: "gradio")
        ]
        given.supervisor = .answers(apps: [
            "gradio": ReportedApp(state: "starting", reason: reason, port: 7860, prefix: "/ingress/x")
        ])
        #expect(given.diagnosis.status(.port) == status)
    }

    /// Two crater-runs may have an app of the same name each: the failing one is not where the healthy one is.
    @Test(arguments: ["lars", "lars (pid 6)"]) func leavesTheAppOfAnotherCraterRunAlone(name: String) throws {
        var given = elsewhere()
        var failing = ReportedApp(state: "starting", port: 6006, prefix: "/ingress/x")
        (failing.supervisor, failing.name) = (6, "lars")
        given.supervisor = .answers(apps: [name: failing])
        #expect(given.diagnosis.status(.port) == .skipped)
        // Its own process is found, also where the doctor has another name for the app.
        given.processes.append(given.processes[0].at([44000], keeper: .supervisor(pid: 6), servedApp: "lars"))
        given.listeners.append(Listener(port: 44000, isLoopback: false, inode: 2, uid: 0))
        #expect(given.diagnosis.check(.port)?.message.contains("listens at port 44000") == true)
    }

    @Test func saysThatConnectionsAloneKeepThePort() {
        let why = "nobody listens at port 6006, but it is in use by connections that have ended (TIME-WAIT)"
        var given = DoctorCase(port: PortFacts(isTaken: true, connections: why), listeners: [], processes: [])
        #expect(given.diagnosis.broken?.link == .port && given.diagnosis.broken?.message == why)
        #expect(given.diagnosis.broken?.remedy?.hasPrefix("Then start it: crater-run tensorboard. ") == true)
        #expect(given.diagnosis.status(.answer) == .skipped)
        given.supervisor = .answers(apps: [
            "tensorboard": ReportedApp(state: "starting", port: 6006, prefix: "/ingress/liuxw24-379e0")
        ])
        #expect(given.diagnosis.broken?.remedy?.hasPrefix("crater-run tries again by itself. ") == true)
    }

    @Test func doesNotTellToStartWhatIsBackingOff() throws {
        var given = elsewhere(state: "backing-off")
        given.processes = []
        let check = try #require(given.diagnosis.check(.port))
        #expect(check.status == .skipped)
        #expect(check.message.contains("crater-run is to start it again"))
        #expect(given.diagnosis.broken?.link == .serving)
    }

    @Test func namesTheAddressAtWhichItAsked() {
        var given = DoctorCase()
        given.port = PortFacts(
            isTaken: true, underPrefix: .silent(reason: "no answer within 3 s"),
            address: HostAddress(bytes: [10, 0, 0, 5]))
        #expect(given.diagnosis.check(.answer)?.message.contains("asked at 10.0.0.5:6006, it does not answer") == true)
    }

    // MARK: - The program

    @Test func saysHowToInstallAProgramThatIsMissing() {
        let failure = LaunchFailure.notFound("there is no such program at any of: /bin/tensorboard")
        let missing = DoctorCase(program: .failed(failure), port: PortFacts(isTaken: false), processes: []).diagnosis
        #expect(missing.broken?.link == .executable)
        #expect(missing.broken?.message.hasPrefix("cannot start tensorboard: there is no such program") == true)
        #expect(missing.broken?.remedy?.contains("pip install tensorboard.") == true)
        #expect(missing.broken?.remedy?.contains("CRATER_RUN_TENSORBOARD_EXECUTABLE") == true)
        // Whatever it was started by, it serves.
        #expect(DoctorCase(program: .failed(failure)).diagnosis.status(.executable) == .skipped)
        let forbidden = DoctorCase(
            program: .failed(.notExecutable("cannot execute /x")), port: PortFacts(isTaken: false))
        #expect(forbidden.diagnosis.broken?.remedy?.hasPrefix("Make it executable") == true)
    }

    /// The supervisor was given another program, or has another PATH: what it started is there.
    @Test func sendsNobodyToInstallWhatTheSupervisorHasStarted() {
        var given = DoctorCase(
            program: .failed(.notFound("there is none")), port: PortFacts(isTaken: false), processes: [])
        func status(_ state: String, _ reason: String? = nil, hasRun: Bool = false) -> DoctorCheck.Status? {
            var app = ReportedApp(state: state, reason: reason, port: 6006, prefix: "/ingress/liuxw24-379e0")
            app.hasRun = hasRun
            given.supervisor = .answers(apps: ["tensorboard": app])
            return given.diagnosis.status(.executable)
        }
        #expect(status("backing-off", "exited with code 2") == .skipped)
        #expect(status("failed", "exited with code 2", hasRun: true) == .skipped)
        #expect(status("stopped", hasRun: true) == .skipped)
        #expect(status("failed", "there is no such program: /x", hasRun: true) == .failed)
        #expect(status("waiting") == .failed)
        #expect(status("starting") == .failed)
    }

    @Test func admitsThatItDoesNotKnowAVersion() {
        let program = ProgramFacts.found(words: ["/my apps/tb"], version: nil, notes: ["no home"])
        #expect(
            DoctorCase(program: program).diagnosis.check(.executable)
                == .ok(
                    .executable, app: "tensorboard",
                    "'/my apps/tb', version not known without starting it; no home"))
    }

    @Test func isNotContentWithAProgramThatShowsNothing() {
        let lack = AppLack("its page will be empty", remedy: "Get its files")
        var given = DoctorCase(program: .found(words: ["/tb"], version: "1", notes: ["no home"], lack: lack))
        let expected = DoctorCheck.failed(
            .executable, app: "tensorboard", "/tb, version 1; no home; its page will be empty", remedy: "Get its files")
        #expect(given.diagnosis.broken == expected)
        #expect(given.diagnosis.status(.answer) == .ok)
        given.port = PortFacts(isTaken: false)
        #expect(given.diagnosis.broken == expected)
    }

    // MARK: - The port

    @Test func saysHowToStartAnAppThatDoesNotRun() {
        let diagnosis = DoctorCase(port: PortFacts(isTaken: false), listeners: [], processes: []).diagnosis
        #expect(diagnosis.isSound)
        #expect(
            diagnosis.check(.port)?.message
                == "port 6006 is free: tensorboard is not running; start it with crater-run tensorboard")
        #expect(diagnosis.status(.listening) == .skipped)
        #expect(diagnosis.status(.answer) == .skipped)
    }

    @Test func findsTheAppAtAnotherPort() {
        var given = DoctorCase(port: PortFacts(isTaken: false))
        given.processes = [.tensorBoard.at([6007])]
        #expect(
            given.diagnosis.broken
                == .failed(
                    .port, app: "tensorboard",
                    "tensorboard (pid 12) listens at port 6007, and the rule tensorboard says 6006: it was started with the "
                        + "wrong --port",
                    remedy: "End it, and let crater-run start it with the flags that fit the rule: kill 12; crater-run "
                        + "tensorboard --logdir 'my logs'"))
        // It may be there by another rule.
        given.rules.append(IngressRule("other", 6007, "/ingress/y"))
        #expect(given.diagnosis.isSound)
    }

    @Test func namesWhoeverElseHasThePort() {
        var given = DoctorCase()
        given.processes = [
            ListeningProcess(pid: 7, name: "python3", words: ["python3", "-m", "http.server"], ports: [6006])
        ]
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404), atRoot: .answered(status: 404))
        #expect(given.diagnosis.broken?.link == .port)
        #expect(
            given.diagnosis.broken?.message == "port 6006 is in use by python3 (pid 7), which is not tensorboard")
        #expect(given.diagnosis.broken?.remedy?.contains("kill 7; crater-run tensorboard") == true)
        #expect(given.diagnosis.status(.answer) == .skipped)
        // A script that has the app in it answers as the app.
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 200))
        #expect(given.diagnosis.isSound)
        // Anything answers 200 at the page itself, which is where Visdom is asked.
        given.apps = [Visdom()]
        given.rules = [IngressRule("visdom", 6006, "/ingress/x")]
        #expect(given.diagnosis.broken?.link == .port)
    }

    @Test func endsWhatACraterRunServesByThatCraterRun() {
        var given = DoctorCase()
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404))
        given.processes = [.tensorBoard.at([6006], keeper: .supervisor(pid: 9), servedApp: "tensorboard")]
        #expect(given.diagnosis.check(.port)?.message.hasSuffix("(pid 12), served by crater-run (pid 9)") == true)
        #expect(given.diagnosis.broken?.remedy?.contains("crater-run restart tensorboard") == false)
        #expect(given.diagnosis.broken?.remedy?.contains("kill 9;") == true)
        // Started again as it is, it would be the same.
        #expect(given.diagnosis.broken?.remedy?.hasPrefix("It has to be without --port and --prefix") == true)
        given.processes = [
            ListeningProcess(pid: 7, name: "visdom", ports: [6006], keeper: .supervisor(pid: 9), servedApp: "visdom")
        ]
        #expect(given.diagnosis.broken?.remedy?.contains("crater-run stop visdom; crater-run tensorboard") == true)
    }

    /// What a user starts in a terminal of a Jupyter that is served carries the marker of that.
    @Test func doesNotTakeWhatAUserStartedForTheApp() {
        let server = ListeningProcess(pid: 7, name: "python3", ports: [6006], servedApp: "tensorboard")
        let port = PortFacts(isTaken: true, underPrefix: .answered(status: 404))
        let found = DoctorCase(port: port, processes: [server]).diagnosis
        #expect(found.broken?.link == .port)
        #expect(found.broken?.remedy?.contains("kill 7;") == true)
    }

    @Test func saysThatNobodyLooksAfterTheAppOfACraterRunThatWasKilled() {
        var given = DoctorCase()
        given.processes = [.tensorBoard.at([6006], keeper: .deadSupervisor, servedApp: "tensorboard")]
        #expect(given.diagnosis.broken?.link == .serving)
        #expect(given.diagnosis.broken?.remedy?.contains("kill 12; crater-run tensorboard") == true)
        #expect(given.diagnosis.status(.answer) == .ok)
        // Its successor does.
        given.supervisor = .answers(apps: ["tensorboard": ReportedApp(state: "starting")])
        #expect(given.diagnosis.isSound)
    }

    @Test func judgesByTheAnswerWhereNobodyCanBeSeen() {
        var given = DoctorCase(processes: [])
        #expect(given.diagnosis.isSound)
        #expect(given.diagnosis.check(.port)?.message.contains("a process that cannot be seen from here") == true)
        given.listeners = []
        #expect(given.diagnosis.status(.listening) == .skipped)
        #expect(given.diagnosis.isSound)
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404), atRoot: .answered(status: 404))
        #expect(given.diagnosis.broken?.link == .answer)
        #expect(given.diagnosis.broken?.remedy?.hasSuffix(": crater-run tensorboard") == true)
    }

    // MARK: - How it listens, and what it answers

    @Test func tellsAnAppThatListensOnLoopbackAlone() {
        var given = DoctorCase()
        given.listeners = [Listener(port: 6006, isLoopback: true, inode: 1, uid: 0)]
        #expect(given.diagnosis.broken?.link == .listening)
        #expect(given.diagnosis.broken?.message.contains("on the loopback address (127.0.0.1) alone") == true)
        #expect(given.diagnosis.broken?.remedy?.contains("kill 12; crater-run tensorboard --logdir 'my logs'") == true)
        #expect(given.diagnosis.status(.answer) == .skipped)
        let version6 = HostAddress(bytes: Array(repeating: 0, count: 15) + [1])
        given.listeners = [Listener(port: 6006, isLoopback: true, address: version6, inode: 1, uid: 0)]
        #expect(given.diagnosis.broken?.message.contains("on the loopback address (::1) alone") == true)
        given.listeners.append(Listener(port: 6006, isLoopback: false, inode: 2, uid: 0))
        #expect(given.diagnosis.isSound)
    }

    @Test func wantsTheCommandsOwnFlagWhereThatListensOnLoopbackAlone() {
        var given = DoctorCase(rules: [IngressRule("lars", 6006, "/ingress/x")], apps: [])
        given.listeners = [Listener(port: 6006, isLoopback: true, inode: 1, uid: 0)]
        let flag = "Give the command its own flag to listen at all addresses (0.0.0.0), such as --host 0.0.0.0"
        #expect(given.diagnosis.broken?.link == .listening)
        #expect(given.diagnosis.broken?.remedy == "\(flag), then restart it: kill 12; crater-run app lars -- COMMAND")
        given.processes = []
        #expect(given.diagnosis.broken?.remedy == "\(flag), then restart it: crater-run app lars -- COMMAND")
        // Which would start the same command again.
        given.processes = [.tensorBoard.at([6006], keeper: .supervisor(pid: 9), servedApp: "lars")]
        #expect(given.diagnosis.broken?.remedy?.hasPrefix("\(flag): after its --") == true)
        #expect(given.diagnosis.broken?.remedy?.hasSuffix("crater-run (pid 9).") == true)
        #expect(given.diagnosis.broken?.remedy?.contains("crater-run restart") == false)
    }

    @Test func tellsAnAppThatWasStartedWithoutThePrefix() {
        var given = DoctorCase()
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404), atRoot: .answered(status: 200))
        #expect(given.diagnosis.broken?.link == .answer)
        #expect(
            given.diagnosis.broken?.message
                == "it answers 404 at /ingress/liuxw24-379e0/data/environment, and 200 at /data/environment: it was started "
                + "without the prefix")
    }

    @Test func tellsAnAppThatSendsTheBrowserOutOfThePrefix() throws {
        var given = DoctorCase(rules: [IngressRule("lars", 6006, "/ingress/x")], apps: [])
        given.publicHost = try PublicHost("crater.example.org")
        func answer(_ location: String?, _ status: Int = 302) -> DoctorCheck? {
            given.port = PortFacts(isTaken: true, underPrefix: .answered(status: status), location: location)
            return given.diagnosis.check(.answer)
        }
        let broken = answer("/login")
        #expect(broken?.status == .failed)
        #expect(
            broken?.message == "it answers 302 at /ingress/x/ and sends the browser to /login, which is outside of the "
                + "prefix: it was started without the prefix")
        #expect(broken?.remedy?.contains("{prefix} and {port} stand for the rule's") == true)
        #expect(answer("https://Crater.example.org/login")?.status == .failed)
        #expect(answer("http://localhost:6006/", 307)?.status == .failed)
        #expect(answer("/\u{1B}[2J\n")?.message.contains(#"to /\x1b[2J"#) == true)
        #expect(answer("/" + String(repeating: "a", count: 300))?.message.contains("aa…, which") == true)
        for within in ["/ingress/x", "/ingress/x?a=/", "login", nil] {
            #expect(answer(within) == .ok(.answer, app: "lars", "it answers 302 at /ingress/x/"))
        }
        // Not for a browser to follow.
        #expect(answer("/login", 201)?.status == .ok)
        // A login of all apps may be anywhere.
        let elsewhere = answer("https://sso.example.org/login")
        #expect(elsewhere?.status == .ok)
        #expect(elsewhere?.message.hasSuffix(" and sends the browser to https://sso.example.org/login") == true)
    }

    @Test func tellsAnAppThatWasStartedWithAnotherPrefix() {
        var given = DoctorCase()
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 404), atRoot: .answered(status: 404))
        for words in [["--path_prefix=/ingress/old"], ["--path_prefix", "/ingress/old/"]] {
            given.processes = [.tensorBoard.at([6006], words: ["python", "tensorboard"] + words)]
            #expect(given.diagnosis.broken?.message.hasSuffix("started with another prefix, /ingress/old/") == true)
        }
        let sent = PortFacts(isTaken: true, underPrefix: .answered(status: 302), location: "/ingress/old/")
        var other = given
        other.port = sent
        #expect(other.diagnosis.broken?.message.hasSuffix("started with another prefix, /ingress/old/") == true)
        given.processes = [.tensorBoard]
        #expect(given.diagnosis.broken?.message.hasSuffix(": it does not know this prefix") == true)
    }

    @Test func saysWhatAnAnswerMeans() {
        var given = DoctorCase(port: PortFacts(isTaken: true, underPrefix: .answered(status: 500)))
        #expect(given.diagnosis.broken?.message.hasSuffix("its data server has died") == true)
        given.port = PortFacts(isTaken: true, underPrefix: .silent(reason: "no answer within 3 s"))
        #expect(given.diagnosis.broken?.message.hasSuffix("no answer within 3 s") == true)
        #expect(given.diagnosis.broken?.remedy?.hasPrefix("If it has just been started") == true)
        given.apps = [Visdom()]
        given.rules = [IngressRule("visdom", 6006, "/ingress/x")]
        given.processes = [ListeningProcess(pid: 1, name: "visdom", ports: [6006])]
        given.port = PortFacts(isTaken: true, underPrefix: .answered(status: 403), atRoot: .answered(status: 404))
        #expect(given.diagnosis.broken?.message.contains("tornado 6.6") == true)
    }
}
