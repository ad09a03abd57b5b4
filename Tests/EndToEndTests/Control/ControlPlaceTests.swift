import CLinux
import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Where the control socket is: what others have left there, and where there is no place for it.
@Suite(.timeLimit(TestTime.limit))
struct ControlPlaceTests {
    private static let isRoot = getuid() == 0 || Mode.isOnCI

    /// What tells one file from another of its name.
    private func identity(of path: String) throws -> UInt64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw Failure("\(path) is not there") }
        return UInt64(status.st_ino)
    }

    private struct State: Decodable {
        let instance: String
        let pid: Int32
        let port: UInt16?
    }

    @Test(arguments: Mode.available)
    func nothingIsLeftAtTheEnd(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            #expect(launcher.controlFiles == ["control.json", "control.sock"])
            let status = try launcher.shownSupervisor()
            let state = try JSONDecoder().decode(
                State.self, from: Data(try SmallFile.read("\(launcher.runDirectory)/control.json")))
            #expect(state.instance == status.instance && state.pid == status.pid)
            #expect(state.port == launcher.healthPort)
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.controlFiles == [])
        }
    }

    /// A supervisor that was killed has removed nothing, and none follows: the process that looks after the job does it.
    @Test(arguments: Mode.available)
    func nothingIsLeftOfASupervisorThatWasKilledWhileStopping(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"], job: ["python3", "-S", "-c", Self.stubborn])
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            try launcher.line("SIGTERM received, and passed on to the job")
            kill(try launcher.supervisorPID(), SIGKILL)
            try launcher.line("the supervisor of the apps", "it is not started again")
            #expect(launcher.controlFiles == ["control.json", "control.sock"])
            #expect(FileManager.default.createFile(atPath: "\(launcher.work)/end", contents: nil))
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.controlFiles == [])
            #expect(launcher.leftovers() == [])
        }
    }

    /// The process that looks after the job ends at once, and the kernel kills the supervisor, whose app will not stop.
    @Test(arguments: Mode.available)
    func nothingIsLeftIfTheStopIsCutShort(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            try launcher.finishJob(code: 3)
            try launcher.wait(until: "the stop signal to arrive") { try launcher.launch().signals.contains(SIGTERM) }
            launcher.send(SIGTERM)
            // The same signal at once would be an echo of the first.
            try launcher.wait(until: "the second signal to count") {
                launcher.send(SIGTERM)
                return launcher.hasEnded
            }
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.controlFiles == [])
        }
    }

    /// A job that goes on until it finds a file, whatever the signals. The sleep is the job's, so that its loop leaves the
    /// processor to others; the tests wait for what is tested.
    private static let stubborn = """
        import os, signal, sys, time
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("job", os.getpid(), flush=True)
        while not os.path.exists("end"): time.sleep(0.005)
        sys.exit(3)
        """

    @Test(arguments: Mode.available)
    func whatAKilledCraterRunHasLeftIsReplaced(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let first = try launcher.shownSupervisor()
            let socket = try identity(of: launcher.socket)
            // So that it starts no other.
            let supervisor = try launcher.supervisorPID()
            launcher.send(SIGSTOP)
            kill(supervisor, SIGKILL)
            for row in launcher.living() { kill(row.identity.pid, SIGKILL) }
            _ = try launcher.end()
            try launcher.wait(until: "everything is gone") { launcher.leftovers() == [] }
            #expect(launcher.controlFiles == ["control.json", "control.sock"])

            try launcher.startCommand(["status"])
            #expect(try launcher.end() == .exited(69))
            #expect(launcher.errors.text.contains("\(launcher.socket) was killed, and has not been started again"))

            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            #expect(try launcher.shownSupervisor().instance != first.instance)
            #expect(try identity(of: launcher.socket) != socket)
            #expect(launcher.controlFiles == ["control.json", "control.sock"])
            #expect(try launcher.ask("probe", "ready").ending == .exited(0))
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.controlFiles == [])
        }
    }

    @Test(arguments: Mode.available)
    func theNextSupervisorAnswersAtTheSamePlace(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let first = try launcher.shownSupervisor()
            kill(try launcher.supervisorPID(), SIGKILL)
            let second = try launcher.wait(for: "another supervisor to answer") {
                try? launcher.shownStatus().supervisors.first {
                    $0.pid != first.pid && $0["tensorboard"]?.state == "ready"
                }
            }
            // It is the same run, and so the same instance.
            #expect(second.instance == first.instance)
            #expect(launcher.controlFiles == ["control.json", "control.sock"])
            #expect(HTTP.get("/readyz", port: launcher.healthPort)?.status == 200)
        }
    }

    /// By hand beside the entry point.
    @Test(arguments: Mode.available)
    func twoInOneDirectoryAreToldApart(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.setRule("one", port: Port.free(), prefix: "/ingress/one/")
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let socket = try identity(of: launcher.socket)
            let byHand = try launcher.beside(
                [TestBinary.path] + ["app", "one", "--annotations", launcher.podInfo.path]
                    + ["--ready-path", "/data/environment", "--"]
                    + ["tensorboard", "--bind_all", "--port", "{port}", "--path_prefix={prefix}"])
            try launcher.line("one: ready", of: byHand)

            let all = try launcher.shownStatus().supervisors
            #expect(all.map(\.kind) == ["up", "foreground"])
            #expect(all.map { $0.apps.map(\.name) } == [["tensorboard"], ["one"]])
            #expect(Set(all.map(\.instance)).count == 2)
            let own = "\(launcher.runDirectory)/control-\(try #require(all.last).instance)"
            #expect(FileManager.default.fileExists(atPath: "\(own).sock"))
            #expect(try identity(of: launcher.socket) == socket)
            let table = try launcher.ask("status").output
            #expect(table.contains("crater-run up (pid ") && table.contains("crater-run one (pid "))

            // Each app is asked for where it is.
            #expect(try launcher.ask("restart", "one").ending == .exited(0))
            #expect(try launcher.shownStatus().supervisors.map { $0.apps.map(\.restarts) } == [[0], [1]])

            byHand.send(SIGTERM)
            _ = try launcher.end(of: byHand)
            #expect(launcher.controlFiles == ["control.json", "control.sock"])
            #expect(try identity(of: launcher.socket) == socket)
            #expect(try launcher.shownSupervisor().kind == "up")
        }
    }

    /// All containers of a Pod have one /dev/shm.
    @Test(.enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "pid namespaces are not tested here: they need root"))
    func anotherContainersIsNotTakenForOnesOwn() throws {
        try withLauncher(.processOne) { launcher in
            let directory = "/dev/shm/crater-e2e.\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            launcher.environment["CRATER_RUN_DIR"] = directory
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            #expect(try launcher.ask("status").ending == .exited(0))
            let other = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", TestBinary.path]
            for (words, code) in [(["status"], 69), (["probe", "live", "--health-port", "off"], 1)]
                as [([String], Int32)]
            {
                let process = try SpawnedProcess(other + words, environment: launcher.entries)
                #expect(try process.waitForEnd() == .exited(code), "\(words)")
            }
            // From outside, as where the processes of a Pod are shared, it can be seen.
            #expect(
                try SpawnedProcess([TestBinary.path, "status"], environment: launcher.entries).waitForEnd()
                    == .exited(0))
        }
    }

    // MARK: No place for it

    /// A file system that cannot be written to, but where the test itself does.
    static let readOnly = #"""
        for place in /run /tmp /dev/shm /var/tmp; do mount --bind $place $place; mount -o remount,bind,ro $place; done
        mount -o remount,bind,ro /
        mount --bind "$0" "$0"; mount -o remount,bind,rw "$0"; cd "$0/work"
        exec "$@"
        """#

    @Test(.enabled(if: isRoot, "file systems are not tested here: it needs root"), arguments: Mode.available)
    func withoutADirectoryTheJobRunsAndProbesGoOverTCP(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let own = mode == .processOne ? [] : ["unshare", "--mount"]
            launcher.hasItsOwnMounts = true
            launcher.wrapper = own + ["sh", "-euc", Self.readOnly, launcher.root, "env", "--unset=CRATER_RUN_DIR"]
            try launcher.letStrangersIn()
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.line("warning: ", "directory")
            try launcher.waitUntilReady()
            let unset: [String: String?] = ["CRATER_RUN_DIR": nil]
            for words in [["ready"], ["live"], ["startup"], ["ready", "tensorboard"]] {
                let said = try launcher.run([TestBinary.path, "probe"] + words, unset)
                #expect(said.ending == .exited(0) && said.lines.count == 1, "\(said)")
                let strange = try launcher.run(
                    [launcher.strangersBinary, "probe"] + words, wrapper: Launcher.stranger, unset)
                #expect(strange.ending == .exited(0), "\(strange)")
            }
            let status = try launcher.ask("status", changes: unset)
            #expect(status.ending == .exited(69), "\(status)")
            try launcher.finishJob(code: 4)
            #expect(try launcher.end() == .exited(4))
        }
    }

    /// Whatever a container's temporary directory is full of, its exec probes must not fail for it.
    @Test(.enabled(if: isRoot, "a full file system of its own needs root"), arguments: Mode.available)
    func onAFullDiskItAnswersAllTheSame(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            // With the state file of one that was killed there.
            launcher.useOwnMounts(
                then: """
                    mkdir /run/crater-run; mount -t tmpfs -o size=64k,mode=755 none /run/crater-run
                    echo '{"instance":"0123456789abcdef","pid":1,"kind":"up"}' > /run/crater-run/control.json
                    ! cat /dev/zero > /run/crater-run/full 2>/dev/null
                    """)
            launcher.environment["CRATER_RUN_DIR"] = "/run/crater-run"
            try launcher.letStrangersIn()
            try GatedJob.prepare(in: launcher.work)
            try launcher.startProgram(
                [launcher.strangersBinary, "up", "--annotations", launcher.podInfo.path, "--health-port", "off"]
                    + ["--app", "tensorboard", "--"] + GatedJob.command)
            try launcher.line(
                "warning: cannot write the state file of /run/crater-run/control.sock",
                "No space left on device; going on without"
            )
            try launcher.waitUntilReady()
            for words in [["ready"], ["live"], ["startup"], ["ready", "tensorboard"]] {
                let said = try launcher.run([launcher.strangersBinary, "probe"] + words)
                #expect(said.ending == .exited(0), "\(said)")
            }
            #expect(try launcher.shownSupervisor()["tensorboard"]?.state == "ready")
            #expect(try launcher.ask("restart", "tensorboard").ending == .exited(0))
            try launcher.finishJob(code: 6)
            #expect(try launcher.end() == .exited(6))
        }
    }

    /// As long as a path to a socket may not be (unix(7)): the next place is taken.
    @Test(.enabled(if: isRoot, "a /run of its own needs root"), arguments: Mode.available)
    func aPathThatIsTooLongForASocketIsPassedOver(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.useOwnMounts()
            let long = "\(launcher.root)/\(String(repeating: "x", count: 120))"
            launcher.environment["CRATER_RUN_DIR"] = long
            try launcher.letStrangersIn()
            try GatedJob.prepare(in: launcher.work)
            try launcher.startProgram(
                [launcher.strangersBinary, "up", "--annotations", launcher.podInfo.path, "--app", "tensorboard", "--"]
                    + GatedJob.command)
            try launcher.waitUntilReady()
            let found = try launcher.run(["ls", "/run/crater-run"])
            #expect(found.output.contains("control.sock"), "\(found)")
            #expect(try launcher.shownSupervisor()["tensorboard"]?.state == "ready")
            #expect(try launcher.ask("probe", "ready").ending == .exited(0))
            #expect(try launcher.ask("restart", "tensorboard").ending == .exited(0))
            try launcher.finishJob(code: 1)
            #expect(try launcher.end() == .exited(1))
        }
    }

    // MARK: Another's answer

    /// The file says that it is another one's place.
    @Test func anInstanceThatDoesNotMatchIsNoticed() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let file = "\(launcher.runDirectory)/control.json"
            let instance = try launcher.shownSupervisor().instance
            let state = String(decoding: try SmallFile.read(file), as: UTF8.self)
            try state.replacingOccurrences(of: instance, with: "0123456789abcdef").write(
                toFile: file, atomically: true, encoding: .utf8)
            let probe = try launcher.ask("probe", "ready")
            #expect(probe.ending == .exited(1) && probe.output == "" && probe.lines.count == 1, "\(probe)")
            #expect(probe.errors.contains("another supervisor answers there"))
            #expect(probe.errors.contains("port \(launcher.healthPort): somebody else answers there"))
            let status = try launcher.ask("status")
            #expect(status.ending == .exited(69) && status.errors.contains("another supervisor answers there"))
        }
    }

    /// Two pods that share the node's network: the second one's port is the first one's.
    @Test func anothersTCPPortIsNotTakenForOnesOwn() throws {
        try withLauncher { first in
            try first.startUp(["--app", "tensorboard"])
            try first.waitUntilReady()
            try withLauncher { second in
                second.environment["CRATER_RUN_HEALTH_PORT"] = "\(first.healthPort)"
                second.podInfo.removeRule("tensorboard")
                second.podInfo.setRule("tensorboard", port: second.port, prefix: second.prefix)
                second.environment["FAKE_STATUS"] = "503"
                try second.startUp(["--app", "tensorboard"])
                try second.line("warning: ", "\(first.healthPort)")
                try second.line("tensorboard is not ready")
                let probe = try second.ask("probe", "ready")
                #expect(probe.ending == .exited(1) && probe.output.contains("tensorboard: starting"), "\(probe)")
                // It is gone: better no answer than the other's.
                let supervisor = try second.supervisorPID()
                second.send(SIGSTOP)
                kill(supervisor, SIGKILL)
                try second.wait(until: "it is gone") { HostProcesses.state(of: supervisor) ?? "Z" == "Z" }
                let other = try second.ask("probe", "live")
                #expect(other.ending == .exited(1), "\(other)")
                #expect(other.errors.contains("port \(first.healthPort): somebody else answers there"))
                second.send(SIGCONT)
            }
        }
    }
}
