import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct AppLauncherTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func rule(port: UInt16? = nil) throws -> IngressRule {
        IngressRule(name: "fake", port: try port ?? freePort(), prefix: try PathPrefix("/ingress/x"))
    }

    private func freePort() throws -> UInt16 {
        let listener = try TestListener()
        listener.close()
        return listener.port
    }

    private func launcher(_ program: String, _ app: TestApp = TestApp()) -> AppLauncher {
        AppLauncher(app: app, executable: program, nonce: 0xABC)
    }

    /// Why it could not be launched; nil if it was.
    private func failure(_ program: String, _ app: TestApp = TestApp()) throws -> LaunchFailure? {
        var children = ChildProcesses(inherited: .none)
        let rule = try rule()
        do throws(LaunchFailure) {
            let launched = try launcher(program, app).launch(for: rule, with: &children)
            kill(launched.pid, SIGKILL)
            _ = children.end(of: launched.pid)
            close(launched.output)
            close(launched.error)
            return nil
        } catch {
            return error
        }
    }

    @Test func anAppAtASocketHasRoomForIt() throws {
        let script = try Files.script("exit", at: directory("serve"))
        func launcher(_ command: String..., runDirectory: String = "run") -> AppLauncher {
            AppLauncher(
                app: CustomApp(name: "demo", command: [script] + command), executable: nil, nonce: 0xABC,
                probe: HostProbe(["CRATER_RUN_DIR": directory(runDirectory)]), door: DoorUse())
        }
        let own = launcher("{socket}")
        let path = directory("run/abc/demo/socket")
        for _ in 0..<2 {
            let plan = try own.prepare(for: rule()).plan
            #expect(plan.place.backend.socket == path && plan.arguments.last == path)
            #expect(Directory.names(in: directory("run/abc/demo")) == [])
            // What an app leaves behind that is killed.
            let socket = try SocketAddress.unix(path: path).open()
            defer { close(socket) }
            try SocketAddress.unix(path: path).bind(socket)
        }
        own.removeSocket()
        #expect(Directory.names(in: directory("run/abc/demo")) == [])
        let other = try launcher("{port}").plan(for: rule()).place.backend
        #expect(other.socket == nil && other.isBehindDoor && other.port != 0)
        let long = launcher("{socket}", runDirectory: String(repeating: "d", count: 100))
        #expect { try long.plan(for: rule()) } throws: { error in
            guard case .misconfigured(let reason) = error as? LaunchFailure else { return false }
            return reason.contains("CRATER_RUN_DIR")
        }
    }

    @Test func aPortOfTheUsersIsTheAppsOwn() throws {
        let script = try Files.script("from jupyterlab.labapp import main", at: directory("jupyter-lab"))
        let rule = try rule()
        func listener(_ port: UInt16) throws(LaunchFailure) -> DoorBackend {
            try AppLauncher(
                app: Jupyter(flags: ["--port=\(port)"]), executable: script, nonce: 1,
                probe: HostProbe(["CRATER_RUN_DIR": directory("run")]), door: DoorUse()
            ).plan(for: rule).place.backend.listener
        }
        let own = try freePort()
        #expect(try listener(own) == .port(own))
        #expect(throws: LaunchFailure.self) { try listener(rule.port) }
    }

    @Test func anAppIsStartedAsPlanned() async throws {
        try await OwnProcess.run {
            let script = try Files.script(
                #"cat; printf '%s\n' "$@"; env | grep -E '^(CRATER_RUN_INSTANCE|EXTRA)=' | sort; echo oh >&2; exec sleep 1000"#,
                at: directory("app"))
            var app = TestApp(environment: EnvironmentEdits(["EXTRA": "1 2"]), isViewer: true)
            app.words = ["--port", "1", "a b"]
            var children = ChildProcesses(inherited: .none)
            let launched = try launcher(script, app).launch(for: rule(), with: &children)
            #expect(launched.plan.arguments == [script, "--port", "1", "a b"])
            let expected = "--port\n1\na b\nCRATER_RUN_INSTANCE=abc/tensorboard\nEXTRA=1 2\n"
            #expect(text(Wait.readToEnd(launched.output, enough: expected.utf8.count)) == expected)
            #expect(text(Wait.readToEnd(launched.error, enough: 3)) == "oh\n")
            // The first to go when memory runs out.
            #expect(try text(SmallFile.read("/proc/\(launched.pid)/oom_score_adj")) == "1000\n")
            let identity = try #require(ProcessTable.row(of: launched.pid)).identity
            // While the shell becomes sleep, the process has no environment.
            let marker = "abc/tensorboard"
            #expect(Wait.until { InstanceReader().instances(of: [identity]) == [identity: .instance(marker)] })
            // Our ends do not block and are not inherited by the next child.
            var byte: UInt8 = 0
            #expect(read(launched.output, &byte, 1) == -1)
            #expect(errno == EAGAIN)
            #expect(clinux_descriptor_flags(launched.output) == FD_CLOEXEC)
            kill(launched.pid, SIGKILL)
            #expect(children.end(of: launched.pid) == .signaled(.kill))
            // The app held the only other ends.
            #expect(Wait.readToEnd(launched.output).isEmpty)
            #expect(Wait.readToEnd(launched.error).isEmpty)
        }
    }

    @Test func refusalsAreSortedByWhatCanBeDoneAboutThem() async throws {
        try await OwnProcess.run {
            let before = openDescriptors()
            try Files.write("#!/does/not/exist\n", to: directory("interpreter"), mode: 0o755)
            try Files.write([0x7F] + Array("ELF".utf8), to: directory("enoexec"), mode: 0o755)
            try Files.write("#!/bin/sh\n", to: directory("plain"), mode: 0o644)
            #expect(try failure(directory("none"))?.exitCode == 127)
            #expect(try failure(directory("interpreter"))?.exitCode == 127)
            #expect(try failure(directory("plain"))?.exitCode == 126)
            #expect(try failure(directory.path)?.exitCode == 126)
            #expect(try failure(directory("enoexec"))?.exitCode == 126)
            guard case .notFound(let reason) = try failure(directory("interpreter")) else {
                Issue.record("a missing interpreter is something else")
                return
            }
            #expect(reason.contains(directory("interpreter")) && reason.contains("interpreter that it names"))

            // An argument that is too long stays so.
            var app = TestApp()
            app.words = [String(repeating: "x", count: 200_000)]
            #expect(try failure(Tool.path("true"), app)?.exitCode == 126)

            // A program that is being written will be there soon.
            try Files.script("", at: directory("busy"))
            let writer = clinux_open(directory("busy"), O_WRONLY | O_CLOEXEC, 0)
            guard case .temporary = try failure(directory("busy")) else {
                Issue.record("a busy program is something else")
                return
            }
            close(writer)
            #expect(openDescriptors() == before)
        }
    }

    @Test func aHostThatRefusesForNowIsTemporary() async throws {
        try await OwnProcess.run {
            let program = try Tool.path("true")
            var children = ChildProcesses(inherited: .none)
            let rule = try rule()
            var given = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &given)
            // One descriptor more each time, until there are enough.
            let next = dup(0)
            close(next)
            var refusals = 0
            for more in 0..<20 {
                var limit = rlimit(rlim_cur: rlim_t(next) + rlim_t(more), rlim_max: given.rlim_max)
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                let result = Result { try launcher(program).launch(for: rule, with: &children) }
                setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &given)
                switch result {
                case .success(let launched):
                    _ = children.end(of: launched.pid)
                    #expect(refusals > 0)
                    return
                case .failure(let failure as LaunchFailure):
                    guard case .temporary = failure else {
                        Issue.record("\(failure)")
                        return
                    }
                    refusals += 1
                case .failure(let error):
                    Issue.record(error)
                }
            }
            Issue.record("never launched")
        }
    }

    @Test func aPortThatIsTakenIsSaidWithItsHolder() async throws {
        try await OwnProcess.run {
            let listener = try TestListener()
            var children = ChildProcesses(inherited: .none)
            let own = try #require(ProcessTable.row(of: getpid()))
            #expect(throws: LaunchFailure.portBusy(port: listener.port, holder: "\(own.name) (pid \(getpid()))")) {
                try launcher(Tool.path("true")).launch(for: rule(port: listener.port), with: &children)
            }
            #expect(children.started.isEmpty)
        }
    }
}

extension AppLauncher {
    /// What ``launch(for:with:)`` has started.
    fileprivate struct Launched {
        let pid: Int32
        let plan: LaunchPlan
        let output: Int32
        let error: Int32
    }

    /// All steps of a launch, one after the other.
    fileprivate func launch(for rule: IngressRule, with children: inout ChildProcesses) throws(LaunchFailure)
        -> Launched
    {
        let prepared = try prepare(for: rule)
        let begun = try begin(prepared, with: &children)
        let (pid, report) = (begun.spawning.pid, begun.spawning.report)
        defer { close(report) }
        while true {
            switch ChildProcesses.outcome(of: report) {
            case .success: return Launched(pid: pid, plan: prepared.plan, output: begun.output, error: begun.error)
            case .failure(let error):
                _ = children.end(of: pid)
                close(begun.output)
                close(begun.error)
                throw LaunchFailure(error)
            case nil:
                var entry = pollfd(fd: report, events: Int16(POLLIN), revents: 0)
                _ = poll(&entry, 1, -1)
            }
        }
    }
}
