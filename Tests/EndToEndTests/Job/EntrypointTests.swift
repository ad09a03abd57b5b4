import CraterRunCore
import Foundation
import Glibc
import Testing

/// entrypoint.sh in front of the binary, as an image has it.
@Suite(.timeLimit(TestTime.limit))
struct EntrypointTests {
    private static let script = Document.root.appendingPathComponent("entrypoint.sh").path

    /// As root, the script and the binary stand where another user may enter, too.
    private func install(_ launcher: Launcher) throws {
        try Shell.run(
            "cp $1 $2 $3; chmod 755 $3 $(dirname $3) $4 $4/podinfo $4/work 2>/dev/null; :",
            EntrypointTests.script, TestBinary.path, launcher.bin, launcher.root)
    }

    private func start(_ launcher: Launcher, _ words: [String]) throws {
        try GatedJob.prepare(in: launcher.work)
        try launcher.podInfo.write()
        try install(launcher)
        launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
        launcher.environment["CRATER_RUN_AUTO_DELAY"] = "0"
        launcher.podInfo.removeRule("notebook")
        try launcher.podInfo.write()
        try launcher.startProgram(words)
    }

    @Test(arguments: Mode.available)
    func runsTheJobWithTheAppsBesideIt(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try start(launcher, ["\(launcher.bin)/entrypoint.sh"] + GatedJob.command)
            try launcher.waitUntilReady()
            #expect(launcher.readiness()?.status == 200)
            try launcher.finishJob(code: 7)
            #expect(try launcher.end() == .exited(7))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func servesTheAppsAloneWithoutAJob(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try start(launcher, ["\(launcher.bin)/entrypoint.sh"])
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(143))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func takesOptionsBeforeTheJob() throws {
        try withLauncher { launcher in
            try start(launcher, ["\(launcher.bin)/entrypoint.sh", "--stop-signal", "USR1", "--"] + GatedJob.command)
            _ = try launcher.jobPID()
            launcher.send(SIGUSR1)
            #expect(try launcher.end() == .exited(128 + SIGUSR1))
            #expect(launcher.errors.text.contains("SIGUSR1 received, and passed on to the job"))
        }
    }

    @Test(.enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "taking /proc away needs root"))
    func runsTheJobAloneWhereThereIsNoProc() throws {
        try withLauncher { launcher in
            launcher.wrapper = Launcher.withoutProc
            try start(launcher, ["\(launcher.bin)/entrypoint.sh", "sh", "-c", "echo alone; exit 7"])
            #expect(try launcher.end() == .exited(7))
            #expect(launcher.output.lines.first == "alone")
            #expect(
                launcher.errors.text == """
                    entrypoint.sh: cannot start crater-run: there is no /proc
                    entrypoint.sh: running the job alone, without any app

                    """)
        }
    }

    /// `exec sudo --user … env PATH=… cmd`, as the platform's start scripts end: the environment is lost, PATH is not, and
    /// the job's code and signals go through.
    @Test(.enabled(if: getuid() == 0 || Mode.isOnCI, "sudo needs root"), arguments: Mode.available)
    func worksAroundSudo(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            let sudo = ["sudo", "--user", "nobody", "env", "PATH=\(launcher.bin):\(path)"]
            try start(
                launcher,
                ["\(launcher.bin)/entrypoint.sh"] + sudo + [
                    "sh", "-c", "id -un; trap 'exit 9' TERM; echo up; while :; do sleep 0.01; done",
                ])
            try launcher.outputLine("nobody")
            try launcher.outputLine("up")
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            #expect(try launcher.end() == .exited(9))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(.enabled(if: getuid() == 0 || Mode.isOnCI, "sudo needs root"))
    func worksBehindSudo() throws {
        try withLauncher { launcher in
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            // The other user's app records there, too.
            #expect(chmod(launcher.record, 0o777) == 0)
            // Variables are lost on the way, so everything is said by options.
            try start(
                launcher,
                [
                    "sudo", "--user", "nobody", "env", "PATH=\(launcher.bin):\(path)", "FAKE_RECORD=\(launcher.record)",
                    "\(launcher.bin)/entrypoint.sh", "--annotations", launcher.podInfo.path, "--auto-delay", "0", "--",
                    "sh", "-c",
                    "id -un; trap 'exit 9' TERM; echo up; while :; do sleep 0.01; done",
                ])
            try launcher.outputLine("nobody")
            try launcher.outputLine("up")
            try launcher.waitUntilReady()
            launcher.send(SIGTERM)
            #expect(try launcher.end() == .exited(9))
        }
    }
}
