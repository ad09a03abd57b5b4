import CraterRunCore
import Testing

/// What apps are told that listen at a UNIX socket behind the front door.
struct BehindDoorSocketTests {
    private static let directory = "/run/crater-run/1f/app"
    private let socket = "\(directory)/socket"
    private let host = HostFacts(
        hasIPv6: true, program: .executable(path: "/usr/bin/app"), temporaryDirectory: .usable,
        privateDirectory: directory)

    private func plan(_ app: any WebApp, strips: Bool = false, on host: HostFacts? = nil) throws -> LaunchPlan {
        let rule = IngressRule("app", 6006, "/ingress/x-379e0/")
        let place = ServingPlace(rule, behindDoorAt: .socket(path: socket), strips: strips)
        return try app.plan(for: place, on: host ?? self.host, instance: "1f/app")
    }

    private func custom(_ words: String...) -> CustomApp { CustomApp(name: "app", command: ["./serve"] + words) }

    // MARK: Custom apps

    @Test func aCommandNamesTheSocket() throws {
        let plan = try plan(custom("--uds", "{socket}", "--at=unix:{socket}:{prefix}", "{port"))
        #expect(plan.arguments.dropFirst() == ["--uds", socket, "--at=unix:\(socket):/ingress/x-379e0", "{port"])
        #expect(plan.environment.assignments.contains { $0.name == "CRATER_SOCKET" && $0.value == socket })
        #expect(!plan.environment.assignments.contains { $0.name == "CRATER_PORT" })
        #expect(plan.preparations == [.socket(path: socket)])
        #expect(plan.readinessURL == "http://localhost/ingress/x-379e0/")
        #expect(plan.page.text.contains("from there to socket \(socket), path /ingress/x-379e0/"))
    }

    /// crater-run may be started in a terminal of Jupyter's.
    @Test func anotherAppsPlaceIsNotItsOwn() throws {
        var host = host
        host.variables = ["CRATER_PORT": "1", "CRATER_SOCKET": "/other"]
        #expect(try plan(custom("{socket}"), on: host).environment.removals == ["CRATER_PORT"])
        let direct = try custom("{port}").plan(for: IngressRule("app", 7000, "/"), on: host, instance: "1f/app")
        #expect(direct.environment.removals == ["CRATER_SOCKET"])
    }

    @Test func strippedItServesAtTheRoot() throws {
        let plan = try plan(custom("{socket}", "{prefix/}"), strips: true)
        #expect(plan.arguments.suffix(2) == [socket, "/"] && plan.readinessURL == "http://localhost/")
    }

    @Test(arguments: [
        (["{socket}"], true), (["--uds={socket}"], true), (["sh", "-c", "exec app $CRATER_SOCKET"], true),
        (["{port}"], false), (["socket"], false), ([], false),
    ])
    func aSocketBringsTheDoorAlong(words: [String], needsIt: Bool) {
        let app = CustomApp(name: "app", command: ["./serve"] + words)
        #expect(app.needsDoor == needsIt)
        #expect(app.backendWish(on: host) == (needsIt ? .socket(isNeeded: true) : .anyPort))
    }

    @Test(arguments: ["{port}", "--port={port}", "$CRATER_PORT"])
    func aSocketAndAPortAreTooMuch(word: String) {
        #expect { try plan(custom("{socket}", word)) } throws: { error in
            (error as? Refusal)?.reason.contains("names both a port and a socket") ?? false
        }
    }

    // MARK: The path

    @Test(arguments: [(99, true), (100, false)])
    func thePathFitsIntoASocketAddress(length: Int, fits: Bool) throws {
        var host = host
        let directory = "/" + String(repeating: "d", count: length)
        host.privateDirectory = directory
        guard !fits else { return #expect(try host.socketPath().utf8.count == 107) }
        #expect { try host.socketPath() } throws: { error in
            guard case .misconfigured(let reason) = error as? LaunchFailure else { return false }
            return reason.contains("would have 108 bytes") && reason.contains("CRATER_RUN_DIR")
        }
    }

    @Test func withoutAPrivateDirectoryThereIsNone() {
        var host = host
        (host.privateDirectory, host.unsafePlaces) = (nil, ["/run is read-only"])
        let expected = "there is no place for its socket (CRATER_RUN_DIR names a directory): /run is read-only"
        #expect(throws: LaunchFailure.temporary(expected)) { try host.socketPath() }
    }

    // MARK: Jupyter

    private func jupyter(_ versions: [String: String], script: String = "from jupyterlab.labapp import main")
        -> HostFacts
    {
        var host = host
        host.program = .executable(path: "/usr/bin/jupyter-lab", text: script)
        host.package = PythonPackage(directory: "/lib", versions: versions)
        return host
    }

    @Test(arguments: [
        (["jupyter_server": "2.21.1", "jupyterlab": "4.6.6"], "jupyterlab.labapp", true),
        (["jupyter_server": "2.0", "notebook": "7.6.5"], "notebook.app", true),
        (["jupyter_server": "2.21.1", "notebook": "6.5.7"], "nbclassic", true),
        (["notebook": "6.5.7"], "notebook.notebookapp", true),
        (["jupyter_server": "2.21.1", "notebook": "6.4.12"], "notebook.notebookapp", false),
        (["jupyter_server": "1.24.0", "jupyterlab": "3.6.8"], "jupyterlab.labapp", false),
        ([:], "jupyterlab.labapp", false), (["jupyter_server": "2.21.1"], "of some other kind", false),
    ])
    func itsVersionDecides(versions: [String: String], script: String, isNewEnough: Bool) {
        let wish = Jupyter().backendWish(on: jupyter(versions, script: script))
        #expect(wish == (isNewEnough ? .socket(isNeeded: false) : .anyPort))
    }

    private var lab: HostFacts { jupyter(["jupyter_server": "2.21.1", "jupyterlab": "4.6.6"]) }

    @Test(
        arguments: [
            ([], .socket(isNeeded: false)), (["--debug"], .socket(isNeeded: false)),
            (["--ServerApp.allow_origin", "x"], .socket(isNeeded: false)),
            (["--port=9001"], .port(9001)), (["--ServerApp.port", "9001"], .port(9001)),
            (["work.ipynb", "--NotebookApp.port=9001"], .port(9001)),
            (["--port=0"], .anyPort), (["--port=x"], .anyPort), (["--port=70000"], .anyPort),
            (["work.ipynb"], .anyPort), (["--debug", "work.ipynb"], .anyPort),
            (["--ServerApp.file_to_run=a.ipynb"], .anyPort),
        ] as [([String], BackendWish)])
    func theUsersOwnPortIsHonoured(flags: [String], wish: BackendWish) {
        #expect(Jupyter(flags: flags).backendWish(on: lab) == wish)
    }

    @Test func jupyterIsToldTheSocket() throws {
        let plan = try plan(Jupyter(interface: .lab, flags: ["--ip=127.0.0.1", "--debug"]), on: lab)
        #expect(
            plan.arguments.dropFirst() == [
                "--ServerApp.base_url=/ingress/x-379e0/", "--ServerApp.sock=\(socket)", "--ServerApp.sock_mode=0600",
                "--ServerApp.port=8888", "--ServerApp.trust_xheaders=True", "--ServerApp.allow_remote_access=True",
                "--no-browser", "--allow-root", "--debug",
            ])
        #expect(plan.preparations.contains(.socket(path: socket)))
        #expect(plan.environment.assignments.contains { $0.name == "CRATER_SOCKET" && $0.value == socket })
    }

    @Test(arguments: [
        ("--sock=/tmp/x", "the front door speaks plain HTTP to its socket"),
        ("--certfile=x", "the front door speaks plain HTTP to its socket"),
        ("--ip=10.0.0.1", "behind the front door the app listens at a socket alone"),
    ])
    func otherPlacesAreRefused(flag: String, reason: String) {
        #expect { try plan(Jupyter(flags: [flag]), on: lab) } throws: { error in
            (error as? Refusal)?.reason.contains(reason) ?? false
        }
    }

    private func file(_ number: Int, port: Int, socket: String, token: String) -> RuntimeFile {
        let text = #"{"port": \#(port), "sock": "\#(socket)", "base_url": "/ingress/x-379e0/", "token": "\#(token)"}"#
        return RuntimeFile(name: "jpserver-\(number).json", content: Array(text.utf8))
    }

    private func readBack(_ files: [RuntimeFile]) throws -> [String] {
        let place = ServingPlace(
            IngressRule("app", 8888, "/ingress/x-379e0/"), behindDoorAt: .socket(path: socket), strips: false)
        return Jupyter().readBack(files, for: place, announced: nil).entries.map(\.message)
    }

    @Test func itsFileIsFoundByTheSocket() throws {
        let own = file(2, port: 0, socket: socket, token: "own")
        let others = [
            file(1, port: 8888, socket: "", token: "a"), file(3, port: 0, socket: "/tmp/other", token: "b"),
        ]
        #expect(try readBack(others + [own]) == ["jupyter: open /ingress/x-379e0/?token=own"])
        #expect(
            try readBack([others[1]]).first?.hasPrefix(
                "jupyter: it serves at socket /tmp/other, path /ingress/x-379e0/ instead of socket \(socket), path /ingress/"
            ) ?? false)
        #expect(try readBack([others[0]]).first?.hasPrefix("jupyter: it serves at port 8888, ") ?? false)
    }

    // MARK: Messages

    @Test func theMachineServesThroughTheSocket() {
        var policy = AppPolicy.tensorBoard()
        policy.door = DoorUse()
        var app = AppDriver(policy)
        app.send(.ruleChanged(.manual))
        let said = app.send(.launched(pid: 7, behindDoorAt: .socket(path: socket))).messages
        #expect(said == ["tensorboard: started as pid 7 at socket \(socket), path /ingress/liuxw24-379e0/"])
        #expect(app.machine.place?.backend.listener == .socket(path: socket))
    }

    @Test func complaintsNameTheSocket() {
        func complaint(_ outcome: CheckOutcome, _ code: AppCode) -> ReadinessTracker.Change {
            var tracker = ReadinessTracker(
                name: "app", policy: TensorBoard().readiness,
                backend: Backend(ruleName: "app", listener: .socket(path: socket), prefix: .root, isBehindDoor: true),
                code: code, startedAt: MonotonicInstant(nanoseconds: 0))
            return tracker.take(outcome, at: MonotonicInstant(nanoseconds: 1 << 40)).change
        }
        let start = "it listens at port 8000, and not at its socket, to which the front door forwards: "
        #expect(
            complaint(.listensElsewhere(ports: [8000]), .userCommandWithPort)
                == .notReady(complaint: start + "the program must listen at the socket that its command names"))
        #expect(
            complaint(.listensElsewhere(ports: [8000]), .program)
                == .notReady(complaint: start + "leave the port out of its flags and its configuration"))
        #expect(complaint(.nobodyListens, .program) == .slowStart(complaint: "nobody listens at its socket"))
    }
}
