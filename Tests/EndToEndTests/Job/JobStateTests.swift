import CraterRunLinux
import Foundation
import Glibc
import Testing

/// What the job is started with: everything that crater-run was.
@Suite(.timeLimit(TestTime.limit))
struct JobStateTests {
    @Test(arguments: Mode.available)
    func passesTheEnvironmentOnByteForByte(mode: Mode) throws {
        try withLauncher(mode, fake: .state) { launcher in
            launcher.environment = ["CUDA_VISIBLE_DEVICES": "0,1", "CRATER_RUN_INSTANCE": "another's/tensorboard"]
            launcher.rawEnvironment = [
                Array("BYTES=".utf8) + [0xFF, 0xFE, 0x0A, 0x22, 0x27], Array("EMPTY=".utf8), Array("TWICE=1".utf8),
                Array("TWICE=2".utf8), Array("EQUALS==a=b".utf8), Array("NOVALUE".utf8),
                Array("CRATER_RUN_LOG_LEVEL=warning".utf8), Array("TENSORBOARD_PORT=tcp://10.0.0.1:6006".utf8),
            ]
            try launcher.startJob("tensorboard")
            let environment = try launcher.launch().environment
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(Set(environment) == Set(launcher.entries))
            #expect(environment.count == launcher.entries.count)
        }
    }

    /// Set by a program in between, since words that are no text cannot be handed over otherwise.
    @Test(arguments: Mode.available)
    func passesTheWordsOnByteForByte(mode: Mode) throws {
        try withLauncher(mode, fake: .state) { launcher in
            let program = #"""
                import os, sys
                words = [b"\xff\xfe", b"", b"--", b"a b\n", b"--help", b"\xe6\x97", b"$HOME"]
                os.execv(sys.argv[1].encode(), [word.encode() for word in sys.argv[1:]] + words)
                """#
            launcher.wrapper = [Shell.python, "-S", "-c", program]
            try launcher.startJob("tensorboard")
            let words = try launcher.launch().rawArguments
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(
                words == [
                    Array("tensorboard".utf8), [0xFF, 0xFE], [], Array("--".utf8), Array("a b\n".utf8),
                    Array("--help".utf8), [0xE6, 0x97], Array("$HOME".utf8),
                ]
            )
        }
    }

    struct Signals: CustomTestStringConvertible {
        let blocked: Set<Int32>
        let ignored: Set<Int32>

        var testDescription: String { "blocked \(blocked.sorted()), ignored \(ignored.sorted())" }
    }

    @Test(
        arguments: Mode.available,
        [
            Signals(blocked: [], ignored: []),
            Signals(blocked: [], ignored: [SIGHUP]),
            Signals(blocked: [SIGUSR1, SIGTERM, 34, 64], ignored: [SIGINT, SIGQUIT]),
            Signals(blocked: [SIGCHLD], ignored: [SIGCHLD]),
            Signals(blocked: [SIGPIPE, 40], ignored: [SIGPIPE, SIGTSTP, SIGTTOU, 50]),
        ]
    )
    func passesMaskAndDispositionsOn(mode: Mode, signals: Signals) throws {
        try withLauncher(mode, fake: .state) { launcher in
            launcher.blocked = signals.blocked
            launcher.ignoring(signals.ignored)
            try launcher.startJob("tensorboard")
            let status = try launcher.launch().status
            // The same for the supervisor, whose apps get it in turn. Not SIGCHLD, which it waits for, nor SIGPIPE, which SwiftNIO
            // ignores for itself from the moment its server starts, be that before or after the look here.
            let own: Set<Int32> = [SIGCHLD, SIGPIPE]
            let supervisor = try SmallFile.read("/proc/\(try launcher.waitForSupervisor())/status")
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(HostProcesses.signals("SigBlk", in: status) == signals.blocked)
            #expect(HostProcesses.signals("SigIgn", in: status) == signals.ignored)
            #expect(HostProcesses.signals("SigCgt", in: status) == [])
            #expect(
                HostProcesses.signals("SigIgn", in: supervisor).subtracting(own) == signals.ignored.subtracting(own))
        }
    }

    @Test(arguments: Mode.available)
    func passesDescriptorsDirectoryAndLimitsOn(mode: Mode) throws {
        try withLauncher(mode, fake: .state) { launcher in
            let directory = open("/", O_RDONLY | O_CLOEXEC)
            let input = try LineStream()
            defer { close(directory) }
            launcher.streams = [0: input.target, 3: .descriptor(directory)]
            launcher.wrapper = ["sh", "-c", #"ulimit -n 64; ulimit -c 0; exec "$@""#, "sh"]
            try launcher.startJob("tensorboard")
            let launch = try launcher.launch()
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(Set(launch.descriptors.keys) == [0, 1, 2, 3], "\(launch.descriptors)")
            #expect(launch.descriptors[3] == "/")
            #expect(launch.descriptors[0]?.hasPrefix("pipe:") == true)
            #expect(launch.workingDirectory == launcher.work)
            #expect(launch.limits.contains(/Max open files\s+64\s+64\s/))
            #expect(launch.limits.contains(/Max core file size\s+0\s+0\s/))
            // A group of its own, in our session.
            #expect(launch.group == launch.pid)
            #expect(launch.session != launch.pid)
        }
    }

    /// The umask, the score by which the kernel chooses what to kill, and who orphans go to.
    @Test(arguments: Mode.available)
    func passesOnWhatAProcessKeepsOverExec(mode: Mode) throws {
        try withLauncher(mode, fake: .state) { launcher in
            launcher.wrapper = ["sh", "-c", #"umask 027; echo 77 >/proc/self/oom_score_adj; exec "$@""#, "sh"]
            try launcher.startJob("tensorboard")
            let launch = try launcher.launch()
            let job = try #require(launcher.hostPID(of: launch.pid))
            #expect(try SmallFile.read("/proc/\(job)/oom_score_adj") == Array("77\n".utf8))
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(String(decoding: launch.status, as: UTF8.self).contains("Umask:\t0027"))
            #expect(!launch.isSubreaper)
        }
    }

    @Test(arguments: Mode.available, [[0], [1, 2], [0, 1, 2]])
    func leavesClosedWhatWasClosed(mode: Mode, closed: [Int]) throws {
        try withLauncher(mode, fake: .state) { launcher in
            for number in closed { launcher.streams[number] = .closed }
            try launcher.startJob("tensorboard")
            let launch = try launcher.launch()
            _ = try launcher.waitForSupervisor()
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(Set(launch.descriptors.keys) == Set([0, 1, 2]).subtracting(closed), "\(launch.descriptors)")
        }
    }

    @Test(arguments: Mode.available)
    func worksInADirectoryThatWasDeleted(mode: Mode) throws {
        try withLauncher(mode, fake: .state) { launcher in
            launcher.wrapper = ["sh", "-c", #"mkdir gone; cd gone; rmdir ../gone; exec "$@""#, "sh"]
            try launcher.startJob("tensorboard")
            let launch = try launcher.launch()
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(launch.workingDirectory == "\(launcher.work)/gone (deleted)")
        }
    }

    /// Nobody reads what it says, or can: the job's end is not kept waiting for long.
    @Test func endsWhereNobodyReadsItsWords() throws {
        try withLauncher { launcher in
            let unread = try LineStream()
            try unread.fill()
            launcher.streams = [2: unread.target]
            try launcher.startJob("no-such-job")
            #expect(try launcher.end() == .exited(127))
        }
    }
}
