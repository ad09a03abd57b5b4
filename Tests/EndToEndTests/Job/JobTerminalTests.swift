import CraterRunCore
import CraterRunLinux
import Glibc
import Testing

/// A job at a terminal: alone with crater-run as in a container that is started with one, and in a shell.
@Suite(.timeLimit(TestTime.limit))
struct JobTerminalTests {
    /// Runs the body with a terminal that controls crater-run.
    private func withTerminal(_ mode: Mode, _ body: (Launcher, Terminal) throws -> Void) throws {
        try withLauncher(mode) { launcher in
            let terminal = try Terminal()
            launcher.streams = [0: terminal.stream, 1: terminal.stream, 2: terminal.stream]
            // As a container runtime does it: PID 1 leads a session that has the terminal.
            if mode == .processOne { launcher.wrapper = ["setsid", "--ctty"] }
            try body(launcher, terminal)
        }
    }

    /// Says which signals it gets, and ends with what it reads.
    private static let job = #"""
        import os, select, signal, sys
        for name in sys.argv[1:]:
            signal.signal(getattr(signal, name), lambda number, _: os.write(1, b"got %d %d\n" % (number, os.get_terminal_size(0).columns)))
        print("started", os.tcgetpgrp(0) == os.getpgrp(), flush=True)
        # A signal that comes right before a read that blocks would be handled after that.
        while not select.select([0], [], [], 0.01)[0]: pass
        os._exit(int(sys.stdin.readline()))
        """#

    @Test(arguments: Mode.available)
    func theJobIsInTheForegroundFromItsFirstInstant(mode: Mode) throws {
        try withTerminal(mode) { launcher, terminal in
            try launcher.startJob(Shell.python, "-S", "-c", Self.job)
            try terminal.wait(for: "started True")
            terminal.type("7\n")
            #expect(try launcher.end() == .exited(7))
        }
    }

    @Test(arguments: Mode.available)
    func ctrlCAndTheLikeReachTheJob(mode: Mode) throws {
        try withTerminal(mode) { launcher, terminal in
            try launcher.startJob(Shell.python, "-S", "-c", Self.job, "SIGINT", "SIGQUIT", "SIGWINCH", "SIGTSTP")
            try terminal.wait(for: "started True")
            terminal.control("C")
            try terminal.wait(for: "got 2")
            terminal.control("\\")
            try terminal.wait(for: "got 3")
            terminal.control("Z")
            try terminal.wait(for: "got 20")
            terminal.resize(rows: 33, columns: 101)
            try terminal.wait(for: "got 28 101")
            terminal.type("9\n")
            #expect(try launcher.end() == .exited(9))
        }
    }

    @Test(arguments: Mode.available, [("C", SIGINT), ("\\", SIGQUIT)] as [(Character, Int32)])
    func aJobThatDiesOfThemIsTheExitCode(mode: Mode, key: (character: Character, signal: Int32)) throws {
        try withTerminal(mode) { launcher, terminal in
            launcher.wrapper = ["sh", "-c", #"ulimit -c 0; exec "$@""#, "sh"] + launcher.wrapper
            try launcher.startJob("sh", "-c", "echo started; exec sleep 1000")
            try terminal.wait(for: "started")
            terminal.control(key.character)
            #expect(try launcher.end() == .exited(128 + key.signal))
        }
    }

    /// Nobody could continue us: PID 1, and a group without a shell above it.
    @Test(arguments: Mode.available)
    func ctrlZDoesNotStopWhatNobodyCouldContinue(mode: Mode) throws {
        try withTerminal(mode) { launcher, terminal in
            try launcher.startJob(Shell.python, "-S", "-c", Self.job, "SIGCONT")
            try terminal.wait(for: "started True")
            for _ in 0..<3 {
                terminal.control("Z")
                try terminal.wait(for: "got 18")
            }
            // And is in the foreground still.
            terminal.type("4\n")
            #expect(try launcher.end() == .exited(4))
        }
    }

    @Test(arguments: Mode.available)
    func theJobHearsOfTheHangUp(mode: Mode) throws {
        try withTerminal(mode) { launcher, terminal in
            try launcher.startJob(
                "sh", "-c",
                #"trap 'echo hung up >"$FAKE_RECORD/end"; exit 6' HUP; echo started; while :; do read line; done"#)
            try terminal.wait(for: "started")
            terminal.hangUp()
            #expect(try launcher.end() == .exited(6))
            #expect(try SmallFile.read("\(launcher.record)/end") == Array("hung up\n".utf8))
        }
    }

    @Test(arguments: Mode.available)
    func aShellMayControlItsOwnJobs(mode: Mode) throws {
        try withTerminal(mode) { launcher, terminal in
            launcher.environment = [
                "TERM": "dumb", "PS1": "inner> ", "python": "\(Shell.python) -S -c", "job": Self.job,
            ]
            try launcher.startJob("bash", "--norc", "--noprofile", "-i")
            try terminal.wait(for: "inner> ")
            terminal.type("$python \"$job\" SIGCONT\n")
            try terminal.wait(for: "started True")
            terminal.control("Z")
            try terminal.wait(for: "Stopped")
            try terminal.wait(for: "inner> ")
            terminal.type("fg\n")
            try terminal.wait(for: "got 18")
            terminal.control("C")
            try terminal.wait(for: "inner> ")
            terminal.type("exit 11\n")
            #expect(try launcher.end() == .exited(11))
        }
    }

    // MARK: In a shell

    /// Runs the body with a shell at a terminal, which has crater-run in `$up`.
    private func withShell(_ body: (Launcher, Terminal) throws -> Void) throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            launcher.environment["TERM"] = "dumb"
            launcher.environment["PS1"] = "prompt> "
            let up = [TestBinary.path] + Launcher.up + ["--annotations", launcher.podInfo.path]
            launcher.environment["up"] = up.joined(separator: " ") + " --log-level error --"
            launcher.environment["python"] = "\(Shell.python) -S -c"
            launcher.environment["job"] = Self.job
            let terminal = try Terminal()
            let shell = try SpawnedProcess(
                ["bash", "--norc", "--noprofile", "-i"],
                environment: launcher.entries,
                streams: [terminal.stream, terminal.stream, terminal.stream]
            )
            try terminal.wait(for: "prompt> ")
            try body(launcher, terminal)
            terminal.type("exit 0\n")
            #expect(try shell.waitForEnd() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    /// Has the shell say the last exit code.
    private func exitCode(_ terminal: Terminal) throws -> String {
        try terminal.wait(for: "prompt> ")
        terminal.type("echo code=$?.\n")
        try terminal.wait(for: "\ncode=")
        return String(try terminal.wait(for: ".").dropLast())
    }

    @Test func ctrlZStopsUsAndFgBringsUsBack() throws {
        try withShell { _, terminal in
            terminal.type("$up $python \"$job\" SIGINT SIGCONT\n")
            try terminal.wait(for: "started True")
            for _ in 0..<2 {
                terminal.control("C")
                try terminal.wait(for: "got 2")
                terminal.control("Z")
                try terminal.wait(for: "Stopped")
                try terminal.wait(for: "prompt> ")
                terminal.type("fg\n")
                try terminal.wait(for: "got 18")
            }
            terminal.type("12\n")
            #expect(try exitCode(terminal) == "12")
        }
    }

    @Test func aPipelineStopsAsAWhole() throws {
        try withShell { _, terminal in
            terminal.type("$up sh -c 'echo started; read line; echo \"<$line>\"' | cat\n")
            try terminal.wait(for: "\nstarted")
            terminal.control("Z")
            try terminal.wait(for: "Stopped")
            try terminal.wait(for: "prompt> ")
            terminal.type("fg\n")
            try terminal.wait(for: "| cat\r\n")
            terminal.type("word\n")
            try terminal.wait(for: "<word>")
            #expect(try exitCode(terminal) == "0")
        }
    }

    @Test func whatIsStartedInTheBackgroundLeavesTheTerminalAlone() throws {
        try withShell { _, terminal in
            terminal.type("$up sh -c 'read line; echo \"<$line>\"; exit 13' &\n")
            try terminal.wait(for: "prompt> ")
            // It wants to read, and is stopped.
            try stopped(terminal)
            terminal.type("fg\n")
            try terminal.wait(for: "exit 13'\r\n")
            terminal.type("word\n")
            try terminal.wait(for: "<word>")
            #expect(try exitCode(terminal) == "13")
        }
    }

    /// A shell does not tell a background job that runs that it is in the foreground now.
    @Test func whatComesToTheForegroundSilentlyCanReadToo() throws {
        try withShell { launcher, terminal in
            terminal.type("$up sh -c 'until [ -e $FAKE_RECORD/go ]; do :; done; read line; echo \"<$line>\"' &\n")
            try terminal.wait(for: "prompt> ")
            terminal.type("fg\n")
            try terminal.wait(for: "\"<$line>\"'\r\n")
            try launcher.open(gate: "go")
            terminal.type("word\n")
            try terminal.wait(for: "<word>")
            #expect(try exitCode(terminal) == "0")
        }
    }

    @Test func aShellAsTheJobCanSuspendItself() throws {
        try withShell { _, terminal in
            terminal.type("PS1='inner> ' $up bash --norc --noprofile -i\n")
            try terminal.wait(for: "\ninner> ")
            terminal.type("suspend\n")
            try terminal.wait(for: "Stopped")
            try terminal.wait(for: "prompt> ")
            terminal.type("fg\n")
            try terminal.wait(for: "bash --norc --noprofile -i\r\n")
            terminal.type("exit 14\n")
            #expect(try exitCode(terminal) == "14")
        }
    }

    @Test func aStoppedJobCanBeEnded() throws {
        try withShell { _, terminal in
            terminal.type("$up sh -c 'echo started; exec sleep 1000'\n")
            try terminal.wait(for: "\nstarted")
            terminal.control("Z")
            try terminal.wait(for: "Stopped")
            try terminal.wait(for: "prompt> ")
            // Bash's wait may still give the status of the stop (148), for any program that kill has just woken.
            terminal.type("kill %1; while wait -f %1; c=$?; [ $c = 148 ]; do :; done; (exit $c)\n")
            #expect(try exitCode(terminal) == "143")
        }
    }

    /// Has the shell say when its job has stopped.
    private func stopped(_ terminal: Terminal) throws {
        let deadline = Deadline()
        while true {
            guard !deadline.hasPassed else { throw Failure("the job does not stop") }
            terminal.type("jobs -s; echo asked.\n")
            let answer = try terminal.wait(for: "\nasked.")
            try terminal.wait(for: "prompt> ")
            if answer.contains("Stopped") { return }
        }
    }
}
