import CraterRunCore
import CraterRunLinux
import Glibc
import Testing

/// How crater-run ends what it started.
@Suite(.timeLimit(TestTime.limit))
struct StopTests {
    @Test(arguments: Mode.available)
    func killsAnAppThatDoesNotStopInTime(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.start("--stop-timeout", "200ms")
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
            #expect(try launcher.launch().signals.first == SIGTERM)
            #expect(launcher.errors.text.contains("it did not stop in time: SIGKILL"))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available, [SIGTERM, SIGINT])
    func skipsTheWaitAtTheSecondSignal(mode: Mode, second: Int32) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = "ignore"
            try launcher.start("--stop-timeout", "1h")
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            try launcher.wait(until: "the stop signal to arrive") { try launcher.launch().signals.contains(SIGTERM) }
            // The same signal at once would be an echo of the first.
            try launcher.wait(until: "the second signal to count") {
                launcher.send(second)
                return launcher.errors.text.contains("skipping the wait: SIGKILL")
            }
            #expect(try launcher.end() == .exited(128 + SIGTERM))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available, ["0", "ignore"])
    func leavesNothingOfTheAppBehind(mode: Mode, onTerminate: String) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_TERM"] = onTerminate
            launcher.environment["FAKE_DO"] = "child:group;child:session;child:bare;child:ignoring;child:pipe"
            try launcher.start("--stop-timeout", "200ms")
            try launcher.waitUntilReady()
            // These came after the last look at the app's processes.
            for kind in ["session", "bare", "port", "ignoring"] { try launcher.tell("child:\(kind)") }
            #expect(launcher.living().count >= 11)
            _ = try launcher.stop()
            #expect(launcher.leftovers() == [])
            #expect(Port.isFree(launcher.port))
        }
    }

    @Test(arguments: Mode.available)
    func leavesNothingOfADeadAppBesideTheNextOne(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.environment["FAKE_DO_1"] = "child:group;child:session;child:bare;child:ignoring;child:pipe"
            try launcher.start()
            try launcher.waitUntilReady()
            try launcher.tell("child:port")
            let children = launcher.children.compactMap { launcher.hostPID(of: $0.pid) }
            #expect(children.count == 6)
            kill(try #require(launcher.hostPID(of: try launcher.launch().pid)), SIGKILL)
            try launcher.waitUntilReady()
            for pid in children { #expect(HostProcesses.row(of: pid) == nil) }
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    /// In its first moments it is a program that cannot have prepared itself yet, and a moment later it is in the middle
    /// of its start: the signal must find no moment that has a bad end.
    @Test(arguments: Mode.available)
    func endsCleanlyWhateverTheMoment(mode: Mode) throws {
        for round in 0..<50 {
            try withLauncher(mode, fake: .script) { launcher in
                launcher.environment["FAKE_SCRIPT"] = "sleep 600 & exec sleep 600"
                try launcher.start()
                // PID 1 does not even see a signal that it has not blocked or handled: not ours to mend.
                if mode == .processOne {
                    try launcher.wait(until: "the signals to be blocked") {
                        // As an `unshare` that has yet to execute it, it blocks some as well.
                        guard let program = SmallFile.link("/proc/\(launcher.pid)/exe"),
                            program.hasSuffix("/crater-run"),
                            let status = try? SmallFile.read("/proc/\(launcher.pid)/status")
                        else { return launcher.hasEnded }
                        return HostProcesses.signals("SigBlk", in: status).contains(SIGTERM)
                    }
                }
                // Not a wait for anything: another moment in each round.
                let moment = ContinuousClock.now + .microseconds(500 * round)
                while ContinuousClock.now < moment {}
                launcher.send(SIGTERM)
                let ending = try launcher.end()
                #expect([.exited(128 + SIGTERM), .signaled(SIGTERM)].contains(ending), "\(launcher.log)")
                #expect(launcher.leftovers() == [], "round \(round)")
            }
        }
    }

    @Test(arguments: Mode.available)
    func endsAtOnceWhileItWaitsForARule(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.podInfo.removeRule("tensorboard")
            try launcher.start("--wait", "forever")
            try launcher.line("waiting for an ingress rule")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
        }
    }

    @Test(arguments: Mode.available)
    func endsAtOnceDuringABackoff(mode: Mode) throws {
        try withLauncher(mode, fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = "exit 3"
            try launcher.start("--max-restarts", "unlimited")
            try launcher.line("starting it again in")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
        }
    }

    @Test(arguments: Mode.available)
    func endsAtOnceWhileThePortIsBusy(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let other = try Bystander(port: launcher.port)
            try launcher.start()
            try launcher.line("is in use")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
            #expect(!other.hasEnded)
        }
    }

    @Test func touchesNothingThatIsNotTheApps() throws {
        try withLauncher { launcher in
            // A neighbour in the same directory with the same variables, but for the marker.
            let neighbour = try SpawnedProcess(
                ["env", "--chdir", launcher.work, "sleep", "600"], environment: launcher.entries)
            try launcher.start()
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
            #expect(!neighbour.hasEnded)
        }
    }

    /// `python train.py & exec crater-run …` in a start script: the training is crater-run's child, and not its business.
    @Test func touchesNothingThatWasItsChildBeforeItBegan() throws {
        try withLauncher { launcher in
            launcher.wrapper = ["sh", "-c", #"sh -c 'sleep 600 & wait' & exec "$0" "$@""#]
            try launcher.start()
            try launcher.waitUntilReady()
            try launcher.tell("child:bare")
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.living().map(\.name).sorted() == ["sh", "sleep"])
        }
    }

    /// crater-run cannot do anything about its own SIGKILL when it is not PID 1; the next one can say who is in its way.
    @Test func namesWhatItLeftBehindWhenItWasKilledItself() throws {
        try withLauncher { launcher in
            try launcher.start()
            try launcher.waitUntilReady()
            launcher.send(SIGKILL)
            #expect(try launcher.end() == .signaled(SIGKILL))
            let stale = try launcher.launch().pid
            try launcher.start()
            try launcher.line(
                "port \(launcher.port) is in use by", "(pid \(stale)), left behind by a crater-run that was killed")
            kill(stale, SIGKILL)
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}
