import CraterRunCore
import Testing

struct VisdomTests {
    private let rule = IngressRule("visdom", 8097, "/ingress/x/")
    private let host = HostFacts(
        hasIPv6: true, program: .interpreter(python: "/opt/conda/bin/python"), temporaryDirectory: .usable)

    private func conflict(_ flags: [String], path: String? = nil) -> String? {
        do throws(Refusal) {
            _ = try Visdom(environmentPath: path, flags: flags).arguments(for: rule, on: host)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func isStartedPastItsDownloads() throws {
        let plan = try Visdom(environmentPath: "/plots", flags: ["-readonly"]).plan(
            for: rule, on: host, instance: "1f/visdom")
        #expect(plan.arguments.prefix(2) == ["/opt/conda/bin/python", "-c"])
        #expect(plan.arguments[2].hasSuffix("from visdom.server.run_server import main;main()"))
        #expect(
            plan.arguments.dropFirst(3)
                == ["-port", "8097", "-base_url", "/ingress/x", "-env_path", "/plots", "-readonly"])
        #expect(
            plan.environment
                == EnvironmentEdits([
                    "PYTHONUNBUFFERED": "1", "CUDA_VISIBLE_DEVICES": "", "CRATER_RUN_INSTANCE": "1f/visdom",
                ]))
        #expect(plan.stopSignal == .interrupt)
        #expect(plan.readinessPath == "/ingress/x/")
        #expect(plan.notes == [])
    }

    @Test func chosesItsOwnPlaceForPlotsAndNoBaseAtTheRoot() throws {
        let words = try Visdom().arguments(for: IngressRule("visdom", 8097, "/"), on: host)
        #expect(words.dropFirst(2) == ["-port", "8097"])
    }

    @Test func keepsTheGPUIfAsked() {
        #expect(Visdom(keepsGPU: true).environment == EnvironmentEdits(["PYTHONUNBUFFERED": "1"]))
        #expect(Visdom().isViewer)
        #expect(Visdom().readiness.interval == .seconds(30))
    }

    @Test(arguments: [
        ["-port", "8098"], ["-port=8098"], ["-p", "1"], ["-port"], ["-base_url", "/y"], ["-base_url="],
        ["-bas=/y"], ["-bind_local"], ["-bi"],
        ["--port", "8098"],
    ])
    func refusesFlagsThatContradictTheRule(_ flags: [String]) {
        #expect(conflict(flags)?.contains(" contradicts the rule: ") == true)
    }

    @Test(arguments: [
        ["-port", "8097"], ["-base_url", "/ingress/x"], ["-base_url=/ingress/x/"],
        ["--base_url", "ingress/x"], ["-readonly"], ["-enable_login"], ["-logging_level", "WARN"],
        ["-env_path", "x"],
    ])
    func takesOtherFlags(_ flags: [String]) {
        #expect(conflict(flags) == nil)
    }

    /// Visdom 0.2.4 has no -hostname, 0.3 has no --hostname, and both have no --port: each flag would end one of them.
    /// The name is only printed.
    @Test(arguments: [
        ["-hostname", "0.0.0.0"], ["--hostname", "mybox"], ["-ho=localhost"], ["--hostname=127.0.0.1"],
        ["--port", "8097"], ["-port=8097"], ["--base_url", "/ingress/x"],
    ])
    func leavesOutWhatAgreesWithTheRule(_ flags: [String]) throws {
        #expect(
            try Visdom(flags: flags + ["-readonly"]).arguments(for: rule, on: host)
                == Visdom(flags: ["-readonly"]).arguments(for: rule, on: host))
    }

    @Test(arguments: [["-ssl_certfile", "c"], ["-ssl_keyfile=k"]])
    func speaksNoTLS(_ flags: [String]) {
        #expect(conflict(flags)?.contains("the ingress speaks plain HTTP to port 8097") == true)
    }

    @Test func refusesTwoPlacesForPlots() {
        #expect(conflict(["-env_path", "x"], path: "y") != nil)
        #expect(conflict(["-env_path=x"], path: "y") != nil)
    }

    @Test func saysThatItsPageWillBeEmpty() throws {
        var facts = host
        facts.package = PythonPackage(
            directory: "/lib/visdom", missingFiles: ["static/js/jquery.min.js", "static/js/react-react.min.js"])
        let plan = try Visdom().plan(for: rule, on: facts, instance: "1f/visdom")
        #expect(plan.lack?.message.contains("/lib/visdom/static/js/jquery.min.js") == true)
        #expect(plan.notes == [])
        #expect(plan.warnings.map { $0.hasPrefix("visdom's page will be empty: ") } == [true])
        #expect(plan.warnings.first?.hasSuffix(" are not there. \(plan.lack?.remedy ?? "")") == true)
        #expect(plan.page.text.contains("note:         visdom's page will be empty: "))
        facts.package = PythonPackage(directory: "/lib/visdom")
        #expect(try Visdom().plan(for: rule, on: facts, instance: "1f/visdom").warnings == [])
    }

    @Test(arguments: [("6.6", true), ("6.6.1", true), ("7", true), ("6.10", true), ("6.5.10", false), ("6.4.2", false)])
    func saysThatTornadoBreaksItsPage(version: String, breaks: Bool) {
        var facts = host
        facts.package = PythonPackage(directory: "/lib/visdom", versions: ["tornado": version])
        let notes = Visdom().needs(for: rule, on: facts).notes
        #expect(notes.contains { $0.contains("pip install 'tornado<6.6'") } == breaks)
    }

    @Test func explainsA403() {
        var tracker = ReadinessTracker(
            name: "visdom", policy: Visdom().readiness, backend: ServingPlace(direct: rule).backend,
            startedAt: MonotonicInstant(nanoseconds: 0))
        let (change, _) = tracker.take(.answered(status: 403), at: MonotonicInstant(nanoseconds: 1))
        guard case .notReady(let complaint) = change else {
            Issue.record("\(change)")
            return
        }
        #expect(complaint.hasPrefix("it answers 403 at /ingress/x/: "))
        #expect(complaint.contains("tornado"))
    }
}

struct PythonPackageTests {
    @Test(arguments: [
        ("1.2", [1, 2], true), ("1.2.3", [1, 2], true), ("1.1.9", [1, 2], false), ("2", [1, 2], true),
        ("1", [1, 2], false), ("1", [1, 0], true), ("1.2rc1", [1, 2], true), ("x", [1], false), ("", [1], false),
    ])
    func comparesNumbers(version: String, wanted: [Int], isThere: Bool) {
        #expect(PythonPackage(directory: "", versions: ["a": version]).has("a", atLeast: wanted) == isThere)
        #expect(!PythonPackage(directory: "").has("a", atLeast: wanted))
    }
}
