import CraterRunCore
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

    /// The shells among crater-run's children, dead or alive.
    private func orphans(_ launcher: Launcher) -> Int {
        HostProcesses.rows().count { $0.parent == launcher.pid && $0.name == "sh" }
    }

    /// The first thread ends and the others go on: not an exit.
    @Test func waitsForAllThreadsOfTheApp() throws {
        try withLauncher(fake: .script) { launcher in
            try launcher.install(.tensorboard, as: "server")
            launcher.environment["FAKE_SCRIPT"] = #"""
                exec python3 -S -c '
                import _thread, ctypes, os, time
                def work():
                    while not os.path.exists(os.environ["FAKE_RECORD"] + "/go"): time.sleep(0.01)
                    os._exit(7)
                _thread.start_new_thread(work, ())
                ctypes.CDLL(None).syscall(60, 0)
                '
                """#
            try launcher.start("--restart", "never")
            try launcher.wait(until: "the first thread to end") {
                HostProcesses.rows().contains {
                    $0.parent == launcher.pid && HostProcesses.state(of: $0.identity.pid) == "Z"
                }
            }
            #expect(!launcher.hasEnded)
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(7))
        }
    }
}
