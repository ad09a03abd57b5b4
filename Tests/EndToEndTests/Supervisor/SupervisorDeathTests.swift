import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// The process that looks after the apps dies, and so does the one that looks after the job.
@Suite(.timeLimit(TestTime.limit))
struct SupervisorDeathTests {
    /// A job that counts up in a file, and records every signal that it gets. The sleep stands for the job's work between two counts:
    /// without it the job would take a whole core from what is tested. No result depends on how long the sleep takes.
    static let heartbeat = """
        import os, signal, sys, time
        for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
            signal.signal(number, lambda number, _: open("signals", "a").write(f"{number}\\n"))
        print("job", os.getpid(), flush=True)
        beat = 0
        while not os.path.exists("end"):
            beat += 1
            with open("beat.new", "w") as file: file.write(str(beat))
            os.rename("beat.new", "beat")
            time.sleep(0.005)
        sys.exit(3)
        """

    private func beat(_ launcher: Launcher) -> Int {
        (try? String(contentsOfFile: "\(launcher.work)/beat", encoding: .utf8)).flatMap { Int($0) } ?? 0
    }

    @Test(arguments: Mode.available)
    func tenDeathsOfTheSupervisorAreNothingToTheJob(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "child:group;child:session"
            try launcher.startUp(
                ["--app", "tensorboard"], job: ["python3", "-S", "-c", SupervisorDeathTests.heartbeat])
            let job = try launcher.jobPID()
            var last: Int32?
            for death in 1...10 {
                let supervisor = try launcher.supervisorPID(after: last)
                // At different moments of its life.
                if death.isMultiple(of: 2) { try launcher.waitUntilReady() }
                let before = beat(launcher)
                kill(supervisor, SIGKILL)
                try launcher.line("the supervisor of the apps was killed by SIGKILL", "the job goes on")
                try launcher.wait(until: "the heart beats on") { beat(launcher) > before }
                last = supervisor
            }
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
            // Of all that was started, what belongs to the last one alone is there.
            let apps = launcher.living().filter { $0.name == "tensorboard" || $0.name == "python3" }
            #expect(apps.count == 4, "the job, the app and its two children, not \(apps)")
            #expect(FileManager.default.createFile(atPath: "\(launcher.work)/end", contents: nil))
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.leftovers() == [])
            #expect(!FileManager.default.fileExists(atPath: "\(launcher.work)/signals"))
            #expect(try launcher.launch().pid != job)
        }
    }

    /// What it left behind is asked to stop before it is killed: it may have something to save.
    @Test(arguments: Mode.available)
    func whatIsLeftBehindIsStoppedBeforeItsPortIsTaken(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            kill(try launcher.supervisorPID(), SIGKILL)
            try launcher.waitUntilReady()
            #expect(try launcher.launch(1).signals.first == SIGTERM)
            #expect(!launcher.errors.text.contains("in use"))
        }
    }

    @Test(arguments: Mode.available)
    func whatDoesNotStopIsKilled(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let first = try #require(launcher.hostPID(of: try launcher.launch().pid))
            kill(try launcher.supervisorPID(), SIGKILL)
            try launcher.waitUntilReady()
            #expect(HostProcesses.row(of: first).map { $0.isZombie } ?? true)
        }
    }

    /// Nobody is left to look after the job; it is not ours to end.
    @Test func theDeathOfTheInitEndsTheAppsAndLeavesTheJobAlone() throws {
        try withLauncher(.subreaper) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            let job = try launcher.jobPID()
            try launcher.waitUntilReady()
            launcher.send(SIGKILL)
            #expect(try launcher.end() == .signaled(SIGKILL))
            try launcher.wait(until: "the apps are gone") { launcher.living().map(\.identity.pid) == [job] }
            #expect(try launcher.launch().signals.first == SIGTERM)
            try launcher.finishJob(code: 0)
            try launcher.wait(until: "the job ends as it would have") { launcher.living().isEmpty }
        }
    }

    /// Killed or asked to end by somebody: the next one has the same private directory, and at the end it is gone.
    @Test(arguments: RealApp.available([.lab]), [SIGKILL, SIGTERM])
    func jupyterHasTheSameTokenAfterIt(app: RealApp, signal: Int32) throws {
        try withLauncher { launcher in
            try launcher.use(app, rule: "jupyter")
            launcher.podInfo.removeRule("notebook")
            launcher.environment["CRATER_RUN_DIR"] = "\(launcher.root)/run"
            try launcher.startUp(["--app", "jupyter"])
            let line = try launcher.line("crater-run: jupyter: open ", "?token=")
            let token = try #require(line.split(separator: "=").last.map(String.init))
            let supervisor = try launcher.supervisorPID()
            kill(supervisor, signal)
            try launcher.line("the supervisor of the apps", "starting it again")
            try launcher.line("jupyter: ready")
            let status = HTTP.get("\(launcher.prefix)api/status?token=\(token)", port: launcher.port)?.status
            #expect(status == 200)
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.errors.lines.count { $0.hasPrefix("crater-run:") && $0.contains("token=") } == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(launcher.root)/run").isEmpty)
        }
    }

    /// Nobody was left to clean up: the next one in the same place does, since there is a token in it.
    @Test(arguments: Mode.available)
    func whatIsSecretGoesWithTheNextStart(mode: Mode) throws {
        try withLauncher(mode, fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = "cat $JUPYTER_TOKEN_FILE; echo; exec sleep 98765"
            launcher.environment["CRATER_RUN_JUPYTER_EXECUTABLE"] = "\(launcher.bin)/tensorboard"
            launcher.podInfo.removeRule("notebook")
            launcher.podInfo.setRule("jupyter", port: Port.free(), prefix: "/x/")
            try launcher.startUp(["--app", "jupyter"])
            try launcher.outputLine("[jupyter] ")
            func runs() -> [String] {
                (Directory.names(in: launcher.runDirectory) ?? []).filter { !$0.hasPrefix("control") }
            }
            let run = try #require(runs().first)
            let token = "\(launcher.runDirectory)/\(run)/jupyter/token"
            #expect(FileManager.default.fileExists(atPath: token))

            // While the run lives, others leave it alone, also between two supervisors.
            let supervisor = try launcher.supervisorPID()
            launcher.send(SIGSTOP)
            kill(supervisor, SIGKILL)
            try launcher.wait(until: "it is gone") { HostProcesses.state(of: supervisor) ?? "Z" == "Z" }
            let beside = [
                TestBinary.path, "app", "one", "--port", "\(Port.free())", "--prefix", "/one", "--", "true",
            ]
            _ = try launcher.run(beside)
            #expect(runs() == [run])

            for row in launcher.living() { kill(row.identity.pid, SIGKILL) }
            _ = try launcher.end()
            try launcher.wait(until: "everything is gone") { launcher.leftovers() == [] }
            #expect(FileManager.default.fileExists(atPath: token))
            // As PID 1 it had a namespace of its own, where commands were run.
            let next = try SpawnedProcess(beside, environment: launcher.entries)
            _ = try next.waitForEnd()
            #expect(runs() == [])
        }
    }

    @Test func theJobAndTheSupervisorDieInTheSameInstant() throws {
        for _ in 0..<5 {
            try withLauncher(.subreaper) { launcher in
                try launcher.startUp(["--app", "tensorboard"])
                let job = try launcher.jobPID()
                try launcher.waitUntilReady()
                let supervisor = try launcher.supervisorPID()
                kill(supervisor, SIGKILL)
                kill(job, SIGKILL)
                #expect(try launcher.end() == .exited(137))
                #expect(launcher.leftovers() == [])
            }
        }
    }

    @Test func aThousandChangesOfARuleLeakNoDescriptor() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            try launcher.startUp(["--app", "tensorboard"] + Launcher.line("other"))
            try launcher.waitUntilReady()
            let supervisor = try launcher.supervisorPID()
            func descriptors(_ pid: Int32) -> Int { Directory.names(in: "/proc/\(pid)/fd")?.count ?? -1 }
            let (before, initBefore) = (descriptors(supervisor), descriptors(launcher.pid))
            let other = Port.free()
            for number in 1...1000 {
                launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/n\(number % 2)/")
                if number.isMultiple(of: 3) {
                    launcher.podInfo.setRule("other", port: other, prefix: "/ingress/o/")
                } else {
                    launcher.podInfo.removeRule("other")
                }
                try launcher.podInfo.write()
                if number.isMultiple(of: 100) { launcher.errors.drain() }
            }
            launcher.podInfo.removeRule("other")
            launcher.podInfo.setRule("tensorboard", port: launcher.port, prefix: "/ingress/last/")
            try launcher.podInfo.write()
            try launcher.line("tensorboard: ready", "/ingress/last/")
            // The other app, if it was started, goes on without its rule: it has its pipes.
            let others = launcher.status(port: other, "/ingress/o/") == nil ? 0 : 2
            try launcher.wait(until: "descriptors are as they were: \(before)") {
                [before + others, before + 1 + others].contains(descriptors(supervisor))
            }
            #expect(descriptors(launcher.pid) == initBefore)
            #expect(try launcher.supervisorPID() == supervisor)
        }
    }
}
