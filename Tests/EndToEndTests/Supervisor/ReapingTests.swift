import CraterRunCore
import CraterRunLinux
import Glibc
import Testing

@Suite(.serialized, .timeLimit(TestTime.limit))
struct ReapingTests {
    /// SIGCHLD tells of all of them once: whoever waits once for each signal keeps zombies.
    @Test(arguments: Mode.available)
    func reapsTenThousandOrphansAtOnce(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            // Only the readiness checks of a whole minute later may wake it again.
            try launcher.start("--check-interval", "1m")
            try launcher.waitUntilReady()
            for count in [10_000, 1] {
                try launcher.tell("orphans:\(count)")
                try launcher.wait(until: "every orphan to be reaped") { HostProcesses.zombies(of: launcher.pid) == 0 }
            }
            #expect(launcher.readiness()?.status == 200)
            #expect(launcher.launches.count == 1)
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    /// The app's end in the middle of a crowd of others is still the app's end, with its own status.
    @Test(arguments: Mode.available)
    func tellsTheAppsEndFromTheOrphans(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "orphans:500;exit:42"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(42))
        }
    }

    @Test(arguments: Mode.available)
    func reapsADaemonThatEndsLater(mode: Mode) throws {
        try withLauncher(mode, fake: .script) { launcher in
            try launcher.install(.tensorboard, as: "server")
            launcher.environment["FAKE_SCRIPT"] = #"""
                sh -c 'setsid sh -c "while [ ! -e $FAKE_RECORD/go ]; do sleep 0.01; done" &'
                exec server "$@"
                """#
            try launcher.start()
            try launcher.waitUntilReady()
            try launcher.wait(until: "the daemon to be crater-run's child") { orphans(launcher) == 1 }
            try launcher.open(gate: "go")
            try launcher.wait(until: "the daemon to be gone") { orphans(launcher) == 0 }
            #expect(launcher.readiness()?.status == 200)
            #expect(launcher.launches.count == 1)
        }
    }

    /// What a kubelet's exec probe leaves behind: it entered from outside, and its orphans come to PID 1.
    @Test(.enabled(if: Mode.available.contains(.processOne), "needs a pid namespace"))
    func reapsTheOrphansOfAnExecProbe() throws {
        try withLauncher(.processOne) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            try Shell.run(#"nsenter --target "$1" --pid --mount sh -c 'sleep 1000 &'"#, String(launcher.pid))
            func orphan() -> Int32? {
                HostProcesses.rows().first { $0.parent == launcher.pid && $0.name == "sleep" }?.identity.pid
            }
            let pid = try launcher.wait(for: "the orphan to be PID 1's child") { orphan() }
            kill(pid, SIGKILL)
            try launcher.wait(until: "the orphan to be reaped") { orphan() == nil }
            #expect(launcher.readiness()?.status == 200)
            #expect(launcher.launches.count == 1)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    /// Its state reads like that of the dead, and its environment cannot be read: it is told by its other threads.
    @Test func endsAProcessWhoseFirstThreadHasEnded() throws {
        try withLauncher(fake: .script) { launcher in
            try launcher.install(.tensorboard, as: "server")
            launcher.environment["FAKE_SCRIPT"] = #"""
                setsid python3 -S -c '
                import _thread, ctypes, os, signal
                def work():
                    open(os.environ["FAKE_RECORD"] + "/odd", "w").write(str(os.getpid()))
                    while True: signal.pause()
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                _thread.start_new_thread(work, ())
                ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0) # exit(2): this thread alone
                ' &
                exec server "$@"
                """#
            try launcher.start("--stop-timeout", "1s")
            try launcher.waitUntilReady()
            let record = launcher.record
            let pid = try launcher.wait(for: "the odd process to start") {
                (try? SmallFile.read("\(record)/odd")).flatMap { Int32(String(decoding: $0, as: UTF8.self)) }
            }
            try launcher.wait(until: "its first thread to end") { HostProcesses.state(of: pid) == "Z" }
            #expect(try launcher.stop() == .exited(0))
            #expect(HostProcesses.row(of: pid) == nil)
        }
    }

    /// Every pid is used many times while the app runs; its end is told from those of all who had its neighbours' pids.
    @Test(
        .enabled(
            if: Mode.available.contains(.processOne) && HostProcesses.hasPIDLimitsOfTheirOwn,
            "needs a pid namespace, and Linux 6.14, where each has a pid_max of its own"
        )
    )
    func tellsTheAppsEndWherePidsAreReused() throws {
        try withLauncher(.processOne, fake: .script) { launcher in
            launcher.wrapper = ["sh", "-c", #"echo 350 > /proc/sys/kernel/pid_max && exec "$@""#, "sh"]
            launcher.environment["FAKE_SCRIPT"] = #"""
                count=0
                while [ $count -lt 800 ]; do (env true &); count=$((count + 1)); done
                exit 42
                """#
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(42))
        }
    }

    /// The shells among crater-run's children, dead or alive.
    private func orphans(_ launcher: Launcher) -> Int {
        HostProcesses.rows().count { $0.parent == launcher.pid && $0.name == "sh" }
    }

    /// The app has not ended while one of its threads goes on, even if its first thread has ended.
    @Test func waitsForAllThreadsOfTheApp() throws {
        try withLauncher(fake: .script) { launcher in
            try launcher.install(.tensorboard, as: "server")
            launcher.environment["FAKE_SCRIPT"] = #"""
                exec python3 -S -c '
                import _thread, ctypes, os
                go = os.environ["FAKE_RECORD"] + "/go"
                os.mkfifo(go)
                def work():
                    open(go).close() # waits until the test opens the other end
                    os._exit(7)
                _thread.start_new_thread(work, ())
                ctypes.CDLL(None).syscall(60 if os.uname().machine == "x86_64" else 93, 0) # exit(2): this thread alone
                '
                """#
            try launcher.start("--restart", "never")
            try launcher.wait(until: "the first thread to end") {
                HostProcesses.rows().contains {
                    $0.parent == launcher.pid && HostProcesses.state(of: $0.identity.pid) == "Z"
                }
            }
            #expect(!launcher.hasEnded)
            try Shell.run(": >$1/go", launcher.record)
            #expect(try launcher.end() == .exited(7))
        }
    }
}
