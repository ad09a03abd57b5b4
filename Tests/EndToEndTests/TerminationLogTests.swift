import CraterRunLinux
import Foundation
import Testing

/// What Kubernetes reads of why a container ended.
@Suite(
    .timeLimit(TestTime.limit),
    .enabled(
        if: Mode.canBeProcessOne || Mode.isOnCI,
        "the termination log is not tested here: it needs a /dev of its own, and root"
    ))
struct TerminationLogTests {
    /// A /dev as a container has it, whose termination log is a file of the test's.
    private static let ownDevices = #"""
        mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && : >/dev/termination-log
        mount --bind "$0" /dev/termination-log && exec "$@"
        """#

    /// Starts it as PID 1 in front of these words.
    ///
    /// - Returns: the path of what it writes.
    private func start(_ launcher: Launcher, _ words: [String]) throws -> String {
        let file = "\(launcher.root)/termination-log"
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        try launcher.podInfo.write()
        launcher.wrapper = ["sh", "-c", TerminationLogTests.ownDevices, file]
        try launcher.startCommand(words)
        return file
    }

    private func text(_ file: String) -> String {
        (try? SmallFile.read(file)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    @Test func saysWhyAnAppHasFailed() throws {
        try withLauncher(.processOne, fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = "echo no such log directory >&2; exit 3"
            let file = try start(
                launcher, ["tensorboard", "--annotations", launcher.podInfo.path, "--max-restarts", "0"])
            #expect(try launcher.end() == .exited(3))
            #expect(text(file).contains("tensorboard: exited with code 3"))
            #expect(text(file).contains("no such log directory"))
        }
    }

    @Test func saysWhatIsWrongWithTheCommandLine() throws {
        try withLauncher(.processOne) { launcher in
            let file = try start(launcher, ["tensorboard", "--restart", "sometimes"])
            #expect(try launcher.end() == .exited(64))
            #expect(text(file).hasPrefix("cannot use --restart sometimes: "))
        }
    }

    @Test func saysThatNoAppLineCanBeUsed() throws {
        try withLauncher(.processOne) { launcher in
            launcher.environment["CRATER_RUN_APPS"] = "tensorboard --logdirr /logs"
            let file = try start(launcher, ["up", "--annotations", launcher.podInfo.path])
            #expect(try launcher.end() == .exited(64))
            #expect(text(file).hasPrefix("cannot use the app line 'tensorboard --logdirr /logs': Unknown option"))
        }
    }

    @Test func saysNothingOfTheJobsOwnEnd() throws {
        try withLauncher(.processOne) { launcher in
            let file = try start(
                launcher,
                ["up", "--annotations", launcher.podInfo.path, "--app", "tensorboard --max-restarts 0", "--"]
                    + ["sh", "-c", "exit 7"])
            #expect(try launcher.end() == .exited(7))
            #expect(text(file) == "")
        }
    }

    @Test func saysNothingWhereItWasToStop() throws {
        try withLauncher(.processOne) { launcher in
            let file = try start(launcher, ["tensorboard", "--annotations", launcher.podInfo.path])
            try launcher.waitUntilReady()
            #expect(try launcher.stop() == .exited(0))
            #expect(text(file) == "")
        }
    }
}
