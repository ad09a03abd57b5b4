import CraterRunCore
import CraterRunLinux
import Glibc
import Testing

/// The supervisor beside the job: neither's end is the other's.
@Suite(.timeLimit(TestTime.limit))
struct JobSupervisorTests {
    /// A job that prints the longest pause between two beats when it gets SIGTERM. The sleep is what the test measures: a job that
    /// is stopped or held up wakes too late.
    private static let heartbeat = #"""
        import os, signal, time
        running = True
        def stop(*_):
            global running
            running = False
        signal.signal(signal.SIGTERM, stop)
        print("beating", flush=True)
        longest, last = 0, time.monotonic()
        while running:
            time.sleep(0.005)
            now = time.monotonic()
            longest, last = max(longest, now - last), now
        print("longest", longest, flush=True)
        os._exit(0 if longest < 2 else 1)
        """#

    @Test(arguments: Mode.available)
    func theJobNoticesNothingOfItsDeaths(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startJob(Shell.python, "-S", "-c", Self.heartbeat)
            try launcher.outputLine("beating")
            var supervisor = try launcher.waitForSupervisor()
            for _ in 0..<5 {
                kill(supervisor, SIGKILL)
                try launcher.line("warning: the supervisor of the apps was killed by SIGKILL", "starting it again in")
                supervisor = try launcher.waitForSupervisor(after: supervisor)
            }
            #expect(try launcher.stop() == .exited(0), "\(launcher.log)")
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func jobAndSupervisorMayDieInTheSameInstant(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            for _ in 0..<10 {
                let job = try launcher.startSignals()
                let supervisor = try launcher.waitForSupervisor()
                kill(supervisor, SIGKILL)
                kill(job, SIGKILL)
                #expect(try launcher.end() == .exited(137))
                #expect(launcher.leftovers() == [])
            }
        }
    }

    @Test func aKilledInitLeavesTheJobAloneAndTakesTheAppsWithIt() throws {
        try withLauncher { launcher in
            let job = try launcher.startSignals([SIGUSR1: 0])
            let supervisor = try launcher.waitForSupervisor()
            launcher.send(SIGKILL)
            #expect(try launcher.end() == .signaled(SIGKILL))
            try launcher.wait(until: "the supervisor to end") {
                HostProcesses.row(of: supervisor).map(\.isZombie) ?? true
            }
            #expect(launcher.living().map(\.identity.pid) == [job])
            kill(job, SIGUSR1)
            try launcher.wait(until: "the job to end") { launcher.living().isEmpty }
            try launcher.jobGets(SIGUSR1)
        }
    }

    @Test(arguments: Mode.available)
    func theAppsGoOnAfterTheJobIfAsked(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let left = "setsid \(Launcher.fakes)signals 15:0 > $FAKE_RECORD/left &"
            try launcher.startScript(
                "\(left) until [ -s $FAKE_RECORD/left ]; do :; done; exit 5", options: ["--linger", "1h"])
            try launcher.line("the job exited with code 5; the apps go on for 1 h, or until a signal")
            let supervisor = try launcher.waitForSupervisor()
            try launcher.wait(until: "the supervisor to be all that is left") {
                Set(launcher.living().map(\.identity.pid)).isSubset(of: launcher.ownPIDs.union([supervisor]))
            }
            #expect(!launcher.hasEnded)
            #expect(try launcher.stop() == .exited(5))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func theyDoNotGoOnLonger(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startScript("exit 5", options: ["--linger", "200ms"])
            #expect(try launcher.end() == .exited(5))
            #expect(launcher.leftovers() == [])
        }
    }
}

extension Launcher {
    /// crater-run, and what it was started by.
    fileprivate var ownPIDs: Set<Int32> {
        Set([pid, HostProcesses.row(of: pid)?.parent].compactMap { $0 })
    }
}
