import CraterRunLinux
import Glibc
import Testing

@Suite(.timeLimit(TestTime.limit))
struct SignalTests {
    @Test(arguments: Mode.available, [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    func stopsTheAppWithItsStopSignal(mode: Mode, signal: Int32) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.send(signal)
            // It ended by itself, and well.
            #expect(try launcher.end() == .exited(0))
            #expect(try launcher.launch().signals.first == SIGTERM)
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func endsWithTheAppsOwnCodeIfItHasOne(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "7"
            try launcher.start()
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(7))
        }
    }

    @Test(arguments: Mode.available, [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
    func endsWithTheSignalThatItGotIfThatEndedTheApp(mode: Mode, signal: Int32) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "default"
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.send(signal)
            #expect(try launcher.end() == .exited(128 + signal))
        }
    }

    @Test(arguments: Mode.available)
    func passesEverySignalOnThatIsNotItsOwn(mode: Mode) throws {
        let own: [Int32] = [SIGCHLD, SIGPIPE, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH]
        let others: [Int32] = [
            SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS, SIGXCPU, SIGXFSZ, SIGTRAP, SIGABRT,
            SIGILL, SIGBUS, SIGFPE, SIGSEGV, SIGSTKFLT,
        ]
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            for signal in own { launcher.send(signal) }
            for signal in others {
                launcher.send(signal)
                try launcher.wait(until: "signal \(signal) to arrive") {
                    try launcher.launch().signals.contains(signal)
                }
            }
            #expect(Set(try launcher.launch().signals) == Set(others))
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test(arguments: Mode.available)
    func passesEachRealTimeSignalOnInOrder(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            let wanted = Array(repeating: Int32(34), count: 20) + Array(35...64)
            for signal in wanted { launcher.send(signal) }
            try launcher.wait(until: "all of them to arrive") { try launcher.launch().signals.count >= wanted.count }
            #expect(try launcher.launch().signals == wanted)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test(arguments: Mode.available)
    func survivesABurst(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            for _ in 0..<100 { launcher.send(SIGUSR1) }
            try launcher.wait(until: "one of them to arrive") { try launcher.launch().signals.contains(SIGUSR1) }
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.launches.count == 1)
        }
    }

    @Test(arguments: Mode.available)
    func leavesASignalIgnoredThatItWasStartedWith(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.ignoring([SIGHUP])
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.send(SIGHUP)
            launcher.send(SIGUSR1)
            try launcher.wait(until: "the signal after it to arrive") { try !launcher.launch().signals.isEmpty }
            #expect(try launcher.launch().signals == [SIGUSR1])
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test(arguments: Mode.available)
    func reportsExitsWhenSIGCHLDWasIgnored(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.ignoring([SIGCHLD])
            try launcher.start("--restart", "never")
            try launcher.waitUntilReady()
            try launcher.tell("line:still here")
            _ = HTTP.get("/do/exit:42", port: launcher.port)
            #expect(try launcher.end() == .exited(42))
        }
    }

    /// An app that ends in the very moment of its start can be reaped by the kernel, as long as SIGCHLD is ignored: then
    /// its code is lost, but not that it has ended.
    @Test(arguments: Mode.available)
    func noticesEveryExitWhenSIGCHLDWasIgnored(mode: Mode) throws {
        try withLauncher(mode, fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = "exit 5"
            launcher.ignoring([SIGCHLD])
            for _ in 0..<20 {
                try launcher.start("--restart", "never")
                #expect([.exited(5), .exited(1)].contains(try launcher.end()), "\(launcher.log)")
            }
        }
    }

    @Test func goesOnWhereNobodyCouldContinueIt() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.send(SIGTSTP)
            // Passed on after it, so that it has been dealt with.
            launcher.send(SIGUSR1)
            try launcher.wait(until: "the next signal to arrive") { try launcher.launch().signals.contains(SIGUSR1) }
            #expect(HostProcesses.state(of: launcher.pid) != "T")
            #expect(launcher.readiness()?.status == 200)
            #expect(try launcher.stop() == .exited(0))
        }
    }

    @Test func stopsAndContinuesWithItsApp() throws {
        try withLauncher { launcher in
            launcher.leavesSession = false
            try launcher.start()
            try launcher.waitUntilReady()
            let app = try launcher.launch().pid
            launcher.send(SIGTSTP)
            try launcher.wait(until: "both to stop") {
                HostProcesses.state(of: launcher.pid) == "T" && HostProcesses.state(of: app) == "T"
            }
            launcher.send(SIGCONT)
            try launcher.wait(until: "the app to go on") { launcher.readiness()?.status == 200 }
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.launches.count == 1)
        }
    }

    @Test(arguments: Mode.available)
    func takesAStopForNoExit(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO"] = "mark:about-to-stop;stop"
            try launcher.start()
            let app = try #require(launcher.hostPID(of: try launcher.launch().pid))
            try launcher.wait(until: "the app to stop itself") { HostProcesses.state(of: app) == "T" }
            // The signal that is passed on comes after the news of the stop.
            launcher.send(SIGUSR1)
            kill(app, SIGCONT)
            try launcher.waitUntilReady()
            kill(app, SIGSTOP)
            try launcher.wait(until: "the app to be stopped") { HostProcesses.state(of: app) == "T" }
            // A stopped process is continued to be told of its end.
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.launches.count == 1)
        }
    }
}
