import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// The reactor with a fake app, from its start to its end: as crater-run has it, but for the command line.
@Suite(.timeLimit(.minutes(5))) struct ReactorTests {
    private let directory: TemporaryDirectory
    private let kubelet: Kubelet

    init() throws {
        directory = try TemporaryDirectory()
        kubelet = Kubelet(directory.path)
    }

    /// Runs it to its end; what happens meanwhile is up to the app, whose script this is.
    private func run(
        _ script: String,
        port: UInt16? = nil,
        restart: RestartPolicy = .never,
        isProcessOne: Bool = false
    ) throws -> Int32 {
        // As if nothing had been blocked at our start: it is for the test that everything is.
        let inherited = InheritedSignals.none
        let program = try Files.script(script, at: directory("app"))
        let app = TestApp()
        let policy = AppPolicy(
            name: app.identity.name, readiness: app.readiness, stopSignal: app.stopSignal, restart: restart,
            maxRestarts: 0)
        var definition = AppDefinition(app: app, policy: policy, executable: program)
        if let port {
            definition.fixedRule = IngressRule(name: "fake", port: port, prefix: try PathPrefix("/ingress/x"))
        }
        var options = SupervisorOptions(foreground: .init(wait: nil, failsAtOnce: false), app: definition)
        options.isProcessOne = isProcessOne
        let nonce = ThisProcess.nonce()
        let role = try SupervisorRole(
            on: Reactor(inherited: inherited),
            supervisor: Supervisor(options: options, seed: nonce),
            rules: port == nil ? .annotations(path: kubelet.path) : .fixed,
            nonce: nonce,
            logStyle: LogStyle(level: .debug)
        )
        return role.run()
    }

    private func freePort() throws -> UInt16 {
        let listener = try TestListener()
        listener.close()
        return listener.port
    }

    @Test(arguments: [0, 3, 255]) func theAppsExitCodeIsOurs(code: Int32) async throws {
        let output = try await OwnProcess.run(for: "\(code)", blockingAllSignals: true) {
            let result = try run("echo out; echo err >&2; exit \(code)", port: freePort())
            #expect(result == code)
        }
        guard let output else { return }
        #expect(output.contains("[tensorboard] out\n"))
        #expect(output.contains("[tensorboard] err\n"))
    }

    @Test func aSignalThatKillsTheAppIs128AndItsNumber() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let result = try run("kill -KILL $$", port: freePort())
            #expect(result == 137)
        }
    }

    @Test func aSignalToUsStopsTheAppAndIsTheExitCode() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            // The app tells us when it is ready to be stopped.
            let script = "trap 'echo stopping; exit 0' TERM; kill -TERM $PPID; while :; do sleep 1000 & wait; done"
            let stopped = try run(script, port: freePort())
            #expect(stopped == 0)
            let killed = try run("kill -INT $PPID; exec sleep 1000", port: freePort())
            #expect(killed == 130)
        }
    }

    @Test func nothingThatTheAppStartedOutlivesUs() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let script = """
                sleep 1001 &
                setsid sleep 1002 &
                env -i setsid sleep 1003 &
                (setsid sh -c 'trap "" TERM; sleep 1004 & wait' &)
                exit 0
                """
            let result = try run(script, port: freePort())
            #expect(result == 0)
            #expect(ProcessTable.rows().filter { $0.parent == getpid() } == [])
        }
    }

    /// A shell's background job, where the shell then executed us.
    @Test func whatWasOurChildBeforeWeBeganIsLeftAlone() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            var children = ChildProcesses(inherited: .none)
            let earlier = try children.spawn([try Tool.path("sleep"), "1000"])
            let result = try run("setsid sleep 1001 & exit 4", port: freePort())
            #expect(result == 4)
            let left = ProcessTable.rows().filter { $0.parent == getpid() && !$0.isZombie }
            #expect(left.map(\.identity.pid) == [earlier])
            kill(earlier, SIGKILL)
            #expect(children.end(of: earlier) == .signaled(.kill))
        }
    }

    @Test(.enabled(if: Host.canUnshare)) func asProcessOneItReapsWhateverComesToIt() async throws {
        let wrapper = ["unshare", "--pid", "--fork", "--mount-proc"]
        try await OwnProcess.run(behind: wrapper, blockingAllSignals: true) {
            let script = "i=0; while [ $i -lt 500 ]; do (setsid true &); i=$((i+1)); done; exit 7"
            let result = try run(script, port: freePort(), isProcessOne: true)
            #expect(result == 7)
        }
    }

    @Test func theRuleIsWaitedForAndFollowed() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            let (first, second) = (try freePort(), try freePort())
            // The first launch makes the kubelet write another rule, which relaunches the app; the second one ends it.
            try kubelet.write(port: Int(first))
            try Files.makeDirectory(directory("..next"))
            try Files.write(Kubelet.annotations(port: Int(second)), to: directory("..next/annotations"))
            let script = """
                if [ -e \(directory("launched")) ]; then exit 9; fi
                touch \(directory("launched"))
                ln -s ..next \(directory("..data_tmp"))
                mv -T \(directory("..data_tmp")) \(directory("..data"))
                exec sleep 1000
                """
            let result = try run(script)
            #expect(result == 9)
        }
    }

    @Test func noDescriptorAndNoChildIsLeft() async throws {
        try await OwnProcess.run(blockingAllSignals: true) {
            _ = try run("exit 0", port: freePort())
            // Only the two writers of each stay, with two descriptors each; the runtime may have opened a few of its own.
            let before = allOpenDescriptors()
            for _ in 0..<20 { _ = try run("echo x; exit 0", port: freePort()) }
            #expect(allOpenDescriptors() - before < 20 * 5)
        }
    }
}
