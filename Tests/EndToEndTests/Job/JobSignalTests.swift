import CraterRunCore
import CraterRunLinux
import Glibc
import Testing

/// Signals that are sent to crater-run, and what the job gets of them.
@Suite(.timeLimit(TestTime.limit))
struct JobSignalTests {
    private static let ours: Set<Int32> = [SIGKILL, SIGSTOP, SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU, 32, 33]

    @Test(arguments: Mode.available)
    func passesEverySignalOnThatIsNotItsOwn(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startSignals([64: 3])
            for signal in [SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU] { launcher.send(signal) }
            for signal in 1...64 as ClosedRange<Int32> where !Self.ours.contains(signal) {
                launcher.send(signal)
                try launcher.jobGets(signal)
            }
            #expect(try launcher.end() == .exited(3))
        }
    }

    @Test(arguments: Mode.available)
    func passesEachRealTimeSignalOnInOrder(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startSignals([64: 3])
            for signal in [34, 35, 50] as [Int32] {
                for value in 0..<100 as Range<Int32> {
                    #expect(sigqueue(launcher.pid, signal, sigval(sival_int: value)) == 0)
                }
            }
            try launcher.wait(until: "all of them to arrive") { launcher.signals.count >= 300 }
            for signal in 36...64 as ClosedRange<Int32> { launcher.send(signal) }
            #expect(try launcher.end() == .exited(3))
            // Among those that wait the kernel gives the lowest number first, so only within one number is an order ours.
            let first = launcher.signals.prefix(300)
            for signal in [34, 35, 50] as [Int32] { #expect(first.count { $0 == signal } == 100) }
            #expect(launcher.signals.dropFirst(300) == ArraySlice(36...64))
        }
    }

    /// The kernel gives one for many that wait.
    @Test(arguments: Mode.available)
    func passesOneOfABurstOn(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startSignals([SIGUSR2: 4])
            for _ in 0..<100 { launcher.send(SIGUSR1) }
            try launcher.jobGets(SIGUSR1)
            try launcher.wait(until: "the job to end") {
                launcher.send(SIGUSR2)
                return launcher.hasEnded
            }
            #expect(try launcher.end() == .exited(4))
            #expect((1...100).contains(launcher.signals.count { $0 == SIGUSR1 }))
        }
    }

    /// It waits from before crater-run's first instruction on.
    @Test(arguments: Mode.available)
    func passesOnWhatCameBeforeTheJob(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.blocked = [SIGTERM, 40]
            launcher.wrapper = ["sh", "-c", #"kill -40 $$; kill -TERM $$; kill -40 $$; exec "$@""#, "sh"]
            try launcher.startSignals([SIGUSR1: 5])
            try launcher.jobGets(SIGTERM)
            try launcher.jobGets(40)
            try launcher.jobGets(40)
            launcher.send(SIGUSR1)
            #expect(try launcher.end() == .exited(5))
        }
    }

    /// It may come before crater-run is executed, while it begins, before or after the job's start.
    @Test func neverLosesAStopInItsFirstMilliseconds() throws {
        try withLauncher { launcher in
            for _ in 0..<30 {
                try launcher.startJob("sleep", "1000")
                launcher.send(SIGTERM)
                #expect([.exited(128 + SIGTERM), .signaled(SIGTERM)].contains(try launcher.end()))
                #expect(launcher.leftovers() == [])
            }
        }
    }

    @Test(arguments: Mode.available)
    func aJobThatIgnoresTheStopGoesOn(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startSignals([SIGUSR1: 9])
            let supervisor = try launcher.waitForSupervisor()
            launcher.send(SIGTERM)
            try launcher.jobGets(SIGTERM)
            try launcher.line("SIGTERM received, and passed on to the job")
            launcher.send(SIGINT)
            try launcher.jobGets(SIGINT)
            launcher.send(SIGTERM)
            try launcher.jobGets(SIGTERM)
            // Its apps still serve.
            #expect(launcher.supervisor == supervisor)
            launcher.send(SIGUSR1)
            #expect(try launcher.end() == .exited(9))
            #expect(launcher.leftovers() == [])
        }
    }

    private static let orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]]

    /// Slurm, systemd, `kill -- -1` from outside: the job, the supervisor and ourselves, in any order. The job takes its time to
    /// end, which is when a supervisor that came back would start its app.
    @Test(arguments: Mode.available, orders)
    func nothingIsStartedWhereEverythingIsToldToEnd(mode: Mode, order: [Int]) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(
                ["--app", "tensorboard"],
                job: ["sh", "-c", "trap 'sleep 1; exit 9' TERM; echo job $$; while :; do sleep 0.01; done"])
            let job = try #require(launcher.hostPID(of: try launcher.jobPID()))
            try launcher.waitUntilReady()
            let all = [try launcher.supervisorPID(), launcher.pid, job]
            for place in order { kill(all[place], SIGTERM) }
            #expect(try launcher.end() == .exited(9))
            #expect(launcher.launches.count == 1)
            #expect(launcher.leftovers() == [])
        }
    }

    /// The supervisor's end and the signal wait for us together; a real-time stop signal is read after the end.
    @Test(arguments: ["TERM", "RTMIN+3"])
    func nothingIsStartedWhereTheSupervisorEndsFirst(signal: String) throws {
        try withLauncher { launcher in
            try launcher.startUp(
                ["--app", "tensorboard", "--stop-signal", signal],
                job: [
                    "bash", "-c", "trap 'sleep 1; exit 9' TERM RTMIN+3; echo job $$; while :; do sleep 0.01; done",
                ])
            _ = try launcher.jobPID()
            try launcher.waitUntilReady()
            let supervisor = try launcher.supervisorPID()
            launcher.send(SIGSTOP)
            try launcher.wait(until: "we stand still") { HostProcesses.state(of: launcher.pid) == "T" }
            kill(supervisor, SIGTERM)
            try launcher.wait(until: "the supervisor has ended") { HostProcesses.state(of: supervisor) == "Z" }
            launcher.send(signal == "TERM" ? SIGTERM : 37)
            launcher.send(SIGCONT)
            #expect(try launcher.end() == .exited(9))
            #expect(launcher.launches.count == 1)
            #expect(launcher.leftovers() == [])
        }
    }

    /// A file system that does not answer holds up its job alone.
    @Test(.enabled(if: DeadMount.isTested, "nobody may mount anything here"), arguments: [true, false])
    func aJobOnADeadMountKeepsUsFromNothing(isOnPATH: Bool) throws {
        try withLauncher { launcher in
            let dead = "\(launcher.root)/dead"
            try Shell.run("mkdir $1; cp /bin/true $1/job", dead)
            launcher.podInfo.removeRule("notebook")
            let mount = try DeadMount(over: dead, in: launcher)
            launcher.environment["PATH"] = "/usr/bin:/bin:\(launcher.bin)" + (isOnPATH ? ":\(dead)" : "")
            try launcher.startUp(["--app", "tensorboard"], job: [isOnPATH ? "job" : "\(dead)/job"])
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            try launcher.line("SIGTERM received, and passed on to the job")
            #expect(try launcher.end() == .exited(128 + SIGTERM))
            #expect(launcher.leftovers() == [])
            try mount.end()
        }
    }

    @Test(.enabled(if: DeadMount.isTested, "nobody may mount anything here"))
    func aJobOnAMountThatComesBackRuns() throws {
        try withLauncher { launcher in
            let dead = "\(launcher.root)/dead"
            try Shell.run("mkdir $1", dead)
            launcher.podInfo.removeRule("notebook")
            let mount = try DeadMount(over: dead, in: launcher)
            try launcher.startUp(["--app", "tensorboard"], job: ["\(dead)/job"])
            try launcher.waitUntilReady()
            // Its file system is gone for good, which a program cannot be executed on.
            try mount.end()
            try launcher.line("cannot start the job: ")
            launcher.send(SIGTERM)
            #expect([.exited(143), .exited(126), .exited(127)].contains(try launcher.end()))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func killsEverythingAtTheEndOfTheGracePeriod(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startSignals(options: ["--grace-period", "300ms"])
            // Asks for nothing.
            launcher.send(SIGINT)
            try launcher.jobGets(SIGINT)
            launcher.send(SIGTERM)
            #expect(try launcher.end() == .exited(128 + SIGKILL))
            #expect(launcher.signals == [SIGINT, SIGTERM])
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func takesAnotherSignalForTheStop(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startSignals(options: ["--grace-period", "300ms", "--stop-signal", "USR1"])
            launcher.send(SIGTERM)
            try launcher.jobGets(SIGTERM)
            launcher.send(SIGUSR1)
            #expect(try launcher.end() == .exited(128 + SIGKILL))
            #expect(launcher.signals == [SIGTERM, SIGUSR1])
            #expect(launcher.errors.text.contains("SIGUSR1 received"))
            #expect(!launcher.errors.text.contains("SIGTERM received, and passed on"))
        }
    }

    @Test(arguments: Mode.available, [false, true])
    func reachesTheJobsGroupIfAsked(mode: Mode, isAsked: Bool) throws {
        try withLauncher(mode) { launcher in
            let script = "trap 'echo shell' USR1; \(Launcher.fakes)signals 12:0 & wait; wait; wait; exit 6"
            try launcher.startScript(script, options: isAsked ? ["--signal-group"] : [])
            let line = try launcher.outputLine("pid ")
            let child = try #require(Int32(line.dropFirst(4)).flatMap { launcher.hostPID(of: $0) })
            launcher.send(SIGUSR1)
            try launcher.wait(until: "the shell to get it") { launcher.output.lines.contains("shell") }
            // The last that it gets, so that one before it would have been seen.
            kill(child, SIGUSR2)
            #expect(try launcher.end() == .exited(6))
            #expect(launcher.signals == (isAsked ? [SIGUSR1, SIGUSR2] : [SIGUSR2]))
        }
    }

    @Test(arguments: Mode.available)
    func continuesAStoppedJobForItToEnd(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let job = try launcher.startSignals([SIGTERM: 8])
            kill(job, SIGSTOP)
            try launcher.wait(until: "the job to stop") { HostProcesses.state(of: job) == "T" }
            // Passed on, and nothing more: whoever stopped the job continues it.
            launcher.send(SIGUSR1)
            launcher.send(SIGTERM)
            #expect(try launcher.end() == .exited(8))
            #expect(launcher.signals.last == SIGTERM)
        }
    }

    @Test(arguments: Mode.available)
    func aSignalThatWasIgnoredAtOurStartBeginsNothing(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.ignoring([SIGTERM])
            try launcher.startSignals([SIGUSR1: 9], options: ["--grace-period", "1ms"])
            launcher.send(SIGTERM)
            try launcher.jobGets(SIGTERM)
            launcher.send(SIGUSR1)
            #expect(try launcher.end() == .exited(9))
            #expect(!launcher.errors.text.contains("received"))
        }
    }

    /// A process of the same group and session, a child of ours that was there before us, and one that has nothing to do with
    /// us.
    @Test func signalsNobodyButItsOwn() throws {
        try withLauncher { launcher in
            let record = "\(launcher.root)/bystander"
            launcher.wrapper = [
                "sh", "-c", #"log=$1; job=$2; shift 2; "$job" 12:0 >"$log" & exec "$@""#, "sh", record,
                Launcher.fakes + "signals",
            ]
            func recorded() -> [String] {
                let bytes = (try? SmallFile.read(record)) ?? []
                return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            }
            let heard = try LineStream()
            let stranger = try SpawnedProcess(
                [Shell.python, "-S", Launcher.fakes + "signals", "12:77"],
                environment: Launcher.callersEnvironment(["PATH"]),
                streams: [.null, heard.target, .null]
            )
            try launcher.wait(until: "the stranger to listen") {
                heard.drain()
                return heard.text.hasPrefix("pid ")
            }
            try launcher.startScript(
                "setsid sleep 1000 & \(Launcher.fakes)signals 15:0 & trap 'exit 3' TERM; wait; wait")
            try launcher.wait(until: "the bystander") { recorded().count == 1 }
            try launcher.outputLine("pid ")
            #expect(try launcher.stop() == .exited(3))
            let bystander = try #require(recorded().first.flatMap { Int32($0.dropFirst(4)) })
            #expect(launcher.living().map(\.identity.pid) == [bystander])
            kill(bystander, SIGUSR2)
            try launcher.wait(until: "the bystander's end") { launcher.living().isEmpty }
            #expect(recorded().dropFirst() == ["signal 12"])
            stranger.send(SIGUSR2)
            #expect(try stranger.waitForEnd() == .exited(77))
            heard.drain()
            #expect(heard.lines.dropFirst() == ["signal 12", ""])
        }
    }
}
