import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// What `doctor` finds of this host.
@Suite(.timeLimit(.minutes(5))) struct DoctorProbeTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    // MARK: - The pod

    @Test func tellsAPodByItsVariable() {
        let host = HostProbe(environment: [Array("KUBERNETES_SERVICE_HOST=10.96.0.1".utf8)])
        #expect(PodSigns(host: host, root: directory.path).first == "KUBERNETES_SERVICE_HOST is set")
    }

    @Test func tellsAPodWithoutAnEnvironment() throws {
        let signs = PodSigns(host: HostProbe(environment: []), root: directory.path)
        #expect(signs.first == nil)
        try Files.makeDirectory(directory("proc"))
        try Files.makeDirectory(directory("proc/self"))
        let mount = "1 2 8:1 /var/lib/kubelet/pods/u/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n"
        try Files.write(mount, to: directory("proc/self/mountinfo"))
        #expect(signs.first == "something is mounted from the kubelet's directory")
        try Files.makeDirectory(directory("etc"))
        try Files.write("127.0.0.1 localhost\n", to: directory("etc/hosts"))
        #expect(signs.first == "something is mounted from the kubelet's directory")
        try Files.write("# Kubernetes-managed hosts file.\n127.0.0.1 localhost\n", to: directory("etc/hosts"))
        #expect(signs.first == "/etc/hosts is Kubernetes' own")
        for folder in ["var", "var/run", "var/run/secrets", "var/run/secrets/kubernetes.io"] {
            try Files.makeDirectory(directory(folder))
        }
        try Files.makeDirectory(directory("var/run/secrets/kubernetes.io/serviceaccount"))
        #expect(signs.first == "there is /var/run/secrets/kubernetes.io/serviceaccount")
    }

    // MARK: - The volume

    private func doctorFacts(_ path: String, names: [String] = [], environment: [[UInt8]] = []) -> DoctorFacts {
        let definition = AppDefinition(
            app: TensorBoard(),
            policy: AppPolicy(
                name: "tensorboard",
                readiness: TensorBoard().readiness,
                stopSignal: .terminate,
                restart: .always,
                maxRestarts: nil,
                stopTimeout: .zero,
                shutdownTimeout: .zero,
                onRuleChange: .relaunch
            ),
            executable: directory("bin/tensorboard")
        )
        return DoctorProbe(annotationsPath: path, host: HostProbe(environment: environment)).facts(
            names: names, definitions: [definition], supervisor: .notAsked, publicHost: nil)
    }

    @Test func findsTheKubeletsVolume() throws {
        let kubelet = Kubelet(directory.path)
        try kubelet.write(port: 6006)
        let facts = doctorFacts(kubelet.path)
        #expect((try? facts.volume.reading.get()) == Array(Kubelet.annotations(port: 6006).utf8))
        #expect(facts.volume.neighbours?.contains("annotations") == true)
        #expect(!facts.volume.isSubPath)
        #expect(!facts.volume.hasLeftOver)
        #expect(facts.rules?.rules.map(\.port) == [6006])
    }

    @Test func tellsAVolumeThatIsMissingFromAFileThatIs() {
        #expect(doctorFacts(directory("none/annotations")).volume.neighbours == nil)
        #expect(doctorFacts(directory("annotations")).volume.neighbours == [])
        #expect(doctorFacts("nowhere/annotations").volume.neighbours == nil)
        #expect(doctorFacts("nowhere").volume.neighbours != nil)
    }

    @Test func findsWhatAKubeletLeftThatCrashed() throws {
        let kubelet = Kubelet(directory.path)
        try kubelet.write(port: 6006)
        try Files.link(directory("..data_tmp"), to: "..2025")
        #expect(doctorFacts(kubelet.path).volume.hasLeftOver)
    }

    @Test(.enabled(if: Host.canUnshare)) func findsASubPathMount() async throws {
        try await OwnProcess.run(behind: ["unshare", "--mount"]) {
            let kubelet = Kubelet(directory.path)
            try kubelet.write(port: 6006)
            try Files.write("", to: directory("file"))
            try systemCall("mount") { Glibc.mount(kubelet.path, directory("file"), nil, UInt(MS_BIND), nil) }
            #expect(doctorFacts(directory("file")).volume.isSubPath)
            umount(directory("file"))
            #expect(!doctorFacts(directory("file")).volume.isSubPath)
        }
    }

    // MARK: - The program

    @Test func readsAVersionWithoutStartingAnything() throws {
        for folder in ["bin", "lib", "lib/python3.11", "lib/python3.11/site-packages"] {
            try Files.makeDirectory(directory(folder))
        }
        let marker = directory("started")
        try Files.write(
            "#!\(directory("bin/python3"))\ntouch \(marker)\n", to: directory("bin/tensorboard"), mode: 0o755)
        try Files.script("touch \(marker)", at: directory("bin/python3"))
        func program() -> ProgramFacts? {
            doctorFacts(directory("annotations"), names: ["tensorboard"]).apps.first?.program
        }
        #expect(program() == .found(words: [directory("bin/tensorboard")], version: nil, notes: []))
        for name in ["tensorboard-2.21.0.dist-info", "tensorboard_plugin-1.0.dist-info", "numpy-1.0.egg-info"] {
            try Files.makeDirectory(directory("lib/python3.11/site-packages/\(name)"))
        }
        #expect(program() == .found(words: [directory("bin/tensorboard")], version: "2.21.0", notes: []))
        #expect(!FileAccess.exists(marker))
    }

    @Test func readsTheVersionOfADebianPackage() throws {
        for folder in ["bin", "lib", "lib/python3", "lib/python3/dist-packages"] {
            try Files.makeDirectory(directory(folder))
        }
        try Files.write("", to: directory("lib/python3/dist-packages/notebook-6.4.12.egg-info"))
        try Files.write("", to: directory("lib/python3/dist-packages/visdom-0.2.4-py3.11.egg-info"))
        let versions = PythonModules.versions(
            of: ["notebook", "visdom", "jupyterlab"], interpreter: directory("bin/python3"), environment: { _ in nil })
        #expect(versions == ["notebook": "6.4.12", "visdom": "0.2.4"])
    }

    @Test func saysWhyAProgramCannotBeStarted() {
        let program = doctorFacts(directory("annotations"), names: ["tensorboard"]).apps.first?.program
        guard case .failed(.missing) = program else {
            Issue.record("\(String(describing: program))")
            return
        }
        // An app that nobody asked for and that is not there is no app.
        #expect(doctorFacts(directory("annotations")).apps.isEmpty)
    }

    // MARK: - The network

    @Test func findsWhoListensWhere() async throws {
        try await OwnProcess.run {
            let everywhere = try TestListener()
            let loopback = try TestListener(.ipv4("127.0.0.1"))
            let network = NetworkProbe.facts()
            let own = try #require(network.processes.first { $0.pid == getpid() })
            #expect(own.ports == [everywhere.port, loopback.port])
            #expect(own.words.first?.isEmpty == false)
            #expect(own.keeper == .nobody)
            #expect(own.servedApp == nil)
            func isLoopback(_ port: UInt16) -> [Bool] { network.listeners.filter { $0.port == port }.map(\.isLoopback) }
            #expect(isLoopback(everywhere.port) == [false])
            #expect(isLoopback(loopback.port) == [true])
        }
    }

    @Test func knowsTheAppOfACraterRunThatIsGone() async throws {
        try await OwnProcess.run {
            let listener = try TestListener()
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawn(
                ["/usr/bin/env", "CRATER_RUN_INSTANCE=1f/tensorboard-2", try Tool.path("sleep"), "1000"],
                output: listener.descriptor)
            defer {
                kill(pid, SIGKILL)
                _ = children.end(of: pid)
            }
            func found() -> ListeningProcess? { NetworkProbe.facts().processes.first { $0.pid == pid } }
            #expect(Wait.until { found()?.servedApp != nil })
            #expect(found()?.servedApp == "tensorboard-2")
            #expect(found()?.keeper == .deadSupervisor)
            #expect(found()?.words.last == "1000")
        }
    }

    /// A Jupyter (21) below a crater-run (20), a shell in its terminal (22), and a server that was started there (23).
    @Test func doesNotTakeWhatAUserStartedForTheApp() {
        func row(_ pid: Int32, _ name: String, below parent: Int32, session: Int32) -> ProcessRow {
            let identity = ProcessIdentity(pid: pid, startTime: 1)
            return ProcessRow(
                identity: identity, parent: parent, group: session, session: session, isZombie: false, name: name)
        }
        let jupyter = row(21, "jupyter-lab", below: 20, session: 21)
        let server = row(23, "tensorboard", below: 22, session: 22)
        let rows = [
            row(1, "pause", below: 0, session: 1), row(20, "crater-run", below: 1, session: 20), jupyter,
            row(22, "bash", below: 21, session: 22), server,
        ]
        #expect(NetworkProbe.keeper(of: jupyter, among: rows) == .supervisor(pid: 20))
        #expect(NetworkProbe.keeper(of: server, among: rows) == .nobody)
        let orphan = row(21, "jupyter-lab", below: 1, session: 21)
        #expect(NetworkProbe.keeper(of: orphan, among: [rows[0], orphan]) == .deadSupervisor)
    }

    @Test func findsWhereAnAppSendsTheBrowser() throws {
        let kubelet = Kubelet(directory.path)
        let server = try TestServer { connection, _ in
            sendAll("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", to: connection)
        }
        try kubelet.write(port: Int(server.port))
        let port = doctorFacts(kubelet.path, names: ["tensorboard"]).apps.first?.port
        #expect(port == PortFacts(isTaken: true, underPrefix: .answered(status: 302), location: "/login"))
    }

    @Test func asksOnceAndForABoundedTime() throws {
        let server = try TestServer { connection, head in
            sendAll("HTTP/1.1 \(head.hasPrefix("GET /x/api ") ? 204 : 404) -\r\n\r\n", to: connection)
        }
        #expect(ReadinessRequest(.port(server.port), path: "/x/api").result().outcome == .answered(status: 204))
        #expect(server.waitUntilDone())
        server.listener.close()
        #expect(
            ReadinessRequest(.port(server.port), path: "/").result().outcome
                == .silent(reason: "nobody listens at its port"))
        // It takes connections, and says nothing.
        let mute = try TestListener()
        let past = MonotonicClock.now().advanced(by: .seconds(-3))
        #expect(
            ReadinessRequest(.port(mute.port), path: "/").result(from: past).outcome
                == .silent(reason: "no answer within 3 s"))
    }
}
