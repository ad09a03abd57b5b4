import CraterRunLinux
import Foundation
import Glibc
import Testing

/// What the app is started with.
@Suite(.timeLimit(TestTime.limit))
struct ChildStateTests {
    @Test(arguments: Mode.available)
    func givesTheAppASessionAnEmptyStdinAndNothingElse(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            // As a careless parent leaves one open.
            let directory = Glibc.open("/", O_RDONLY | O_CLOEXEC)
            defer { close(directory) }
            launcher.streams = [3: .descriptor(directory)]
            try launcher.start()
            try launcher.waitUntilReady()
            let launch = try launcher.launch()
            #expect(launch.group == launch.pid)
            #expect(launch.session == launch.pid)
            #expect(launch.input == [])
            #expect(launch.descriptors[0] == "/dev/null")
            #expect(Set(launch.descriptors.keys) == [0, 1, 2], "\(launch.descriptors)")
            let pid = try #require(launcher.hostPID(of: launch.pid))
            try launcher.wait(until: "a raised oom_score_adj") {
                try SmallFile.read("/proc/\(pid)/oom_score_adj") == Array("1000\n".utf8)
            }
        }
    }

    @Test(arguments: Mode.available)
    func passesTheEnvironmentOnByteForByte(mode: Mode) throws {
        try withLauncher(mode, fake: .state) { launcher in
            launcher.environment = ["CUDA_VISIBLE_DEVICES": "0,1", "CRATER_RUN_INSTANCE": "another's/tensorboard"]
            let odd: [[UInt8]] = [
                Array("BYTES=".utf8) + [0xFF, 0xFE, 0x0A, 0x22, 0x27], Array("EMPTY=".utf8), Array("TWICE=1".utf8),
                Array("TWICE=2".utf8), Array("EQUALS==a=b".utf8), Array("with space=1".utf8), Array("NOVALUE".utf8),
                Array("CRATER_RUN_LOG_LEVEL=debug".utf8), Array("UNICODE=日本語".utf8),
            ]
            launcher.rawEnvironment = odd
            try launcher.start("--restart", "never")
            let environment = try launcher.launch().environment
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            let edited = [Array("CUDA_VISIBLE_DEVICES=".utf8), Array("CRATER_RUN_INSTANCE=".utf8)]
            func rest(_ entries: [[UInt8]]) -> [[UInt8]] {
                entries.filter { entry in !edited.contains { entry.starts(with: $0) } }
            }
            let given = Set(rest(launcher.entries))
            #expect(Set(rest(environment)) == given)
            #expect(environment.filter { odd.contains($0) } == odd)
            #expect(environment.filter { $0.starts(with: edited[0]) } == [edited[0]])
            let instances = environment.filter { $0.starts(with: edited[1]) }.map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(instances.count == 1)
            #expect(instances.first?.hasSuffix("/tensorboard") == true)
            #expect(instances.first?.contains("another's") == false)
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
            // nohup, and what a shell does to a background job.
            Signals(blocked: [], ignored: [SIGHUP]),
            Signals(blocked: [], ignored: [SIGINT, SIGQUIT]),
            Signals(blocked: [SIGUSR1, SIGTERM, 34, 64], ignored: []),
            Signals(blocked: [SIGCHLD], ignored: [SIGCHLD]),
            Signals(blocked: [SIGPIPE, 40], ignored: [SIGPIPE, SIGTSTP, SIGTTOU, 50]),
        ]
    )
    func passesMaskAndDispositionsOn(mode: Mode, signals: Signals) throws {
        try withLauncher(mode, fake: .state) { launcher in
            launcher.blocked = signals.blocked
            launcher.ignoring(signals.ignored)
            try launcher.start("--restart", "never")
            let status = try launcher.launch().status
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(HostProcesses.signals("SigBlk", in: status) == signals.blocked)
            #expect(HostProcesses.signals("SigIgn", in: status) == signals.ignored)
            #expect(HostProcesses.signals("SigCgt", in: status) == [])
        }
    }

    @Test(arguments: Mode.available)
    func worksWithItsStandardDescriptorsClosed(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.streams = [0: .closed, 1: .closed, 2: .closed]
            try launcher.start()
            try launcher.wait(until: "the app to answer") { launcher.readiness()?.status == 200 }
            #expect(Set(try launcher.launch().descriptors.keys) == [0, 1, 2])
            #expect(try launcher.launch().input == [])
            #expect(try launcher.stop() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}

extension Launcher {
    /// Has crater-run started with these signals ignored, and no others. The mask stays as it is.
    func ignoring(_ signals: Set<Int32>) {
        let list = signals.sorted().map { "\($0), " }.joined()
        let program = """
            import os, signal, sys
            for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(number, signal.SIG_IGN if number in (\(list)) else signal.SIG_DFL)
            os.execv(sys.argv[1], sys.argv[1:])
            """
        wrapper = [Shell.python, "-S", "-c", program]
    }
}
