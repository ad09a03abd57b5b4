import CraterRunCore
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
    /// How a Pod's containers stand to each other.
    enum Pod: String, CaseIterable, CustomTestStringConvertible {
        /// Each container's first process is PID 1.
        case ownProcesses
        /// `shareProcessNamespace: true`: PID 1 is the sandbox's, with mounts of its own.
        case sharedProcesses

        var testDescription: String { rawValue }
    }

    /// A container with a termination log.
    private struct Container {
        let launcher: Launcher
        let file: String

        var text: String { (try? SmallFile.read(file)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

        /// The pid that crater-run, or what stands before it, has on this machine.
        func mainPID(named name: String = "crater-run") throws -> Int32 {
            try launcher.wait(for: "the container's first process") {
                launcher.living().filter { $0.name == name }.min { $0.identity.startTime < $1.identity.startTime }?
                    .identity.pid
            }
        }

        /// Runs `crater-run` as `kubectl exec` does.
        func execute(_ words: [String], in main: Int32) throws -> Said {
            try launcher.run(
                ["nsenter", "--target", "\(main)", "--pid", "--mount", TestBinary.path] + words,
                ["CRATER_RUN_DIR": "\(launcher.root)/another"])
        }
    }

    /// A /dev as a container has it, whose termination log is a file of the test's.
    private static let ownDevices = #"""
        mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && : >/dev/termination-log
        mount --bind "$0" /dev/termination-log && exec "$@"
        """#

    /// Starts the command as a container's first process.
    ///
    /// - Parameter group: where it is a user's that nobody knows, the container's control group.
    private func withContainer(
        _ pod: Pod, fake: Launcher.Fake = .tensorboard, of command: [String],
        with environment: [String: String] = [:], asStrangerIn group: ControlGroup? = nil,
        _ body: (Container) throws -> Void
    ) throws {
        try withLauncher(pod == .ownProcesses ? .processOne : .subreaper, fake: fake) { launcher in
            let file = "\(launcher.root)/termination-log"
            #expect(FileManager.default.createFile(atPath: file, contents: nil))
            // A user that is not root writes there, as in a container.
            try Shell.run("chmod 666 $1", file)
            try GatedJob.prepare(in: launcher.work)
            try launcher.podInfo.write()
            launcher.environment.merge(environment) { $1 }
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            launcher.wrapper = ["sh", "-c", TerminationLogTests.ownDevices, file]
            let container = Container(launcher: launcher, file: file)
            var command = command
            if let group {
                try launcher.letStrangersIn()
                command = group.wrapper + Launcher.stranger + [launcher.strangersBinary] + command.dropFirst()
            }
            guard pod == .sharedProcesses else {
                try launcher.startProgram(command)
                return try body(container)
            }
            let sandbox = try SpawnedProcess(
                Mode.processOne.wrapper + ["sleep", "100000"], environment: Launcher.callersEnvironment(["PATH"]))
            defer { sandbox.send(SIGKILL) }
            let pause = try launcher.wait(for: "the sandbox") {
                HostProcesses.rows().first { $0.parent == sandbox.pid && $0.name == "sleep" }?.identity.pid
            }
            launcher.wrapper =
                [
                    "nsenter", "--target", "\(pause)", "--pid", "--mount", "env", "--chdir", launcher.work, "unshare",
                    "--mount",
                ] + launcher.wrapper
            try launcher.startProgram(command)
            try body(container)
        }
    }

    private static func craterRun(_ words: String...) -> [String] { [TestBinary.path] + words }

    // MARK: What is told

    @Test(arguments: Pod.allCases)
    func saysWhyAnAppHasFailed(pod: Pod) throws {
        let command = Self.craterRun("tensorboard", "--max-restarts", "0")
        try withContainer(
            pod, fake: .script, of: command, with: ["FAKE_SCRIPT": "echo no such log directory >&2; exit 3"]
        ) { (container) throws in
            #expect(try container.launcher.end() == .exited(3))
            #expect(container.text.contains("tensorboard: exited with code 3"))
            #expect(container.text.contains("no such log directory"))
        }
    }

    @Test(arguments: Pod.allCases)
    func saysWhatIsWrongWithTheCommandLine(pod: Pod) throws {
        try withContainer(pod, of: Self.craterRun("tensorboard", "--restart", "sometimes")) { (container) throws in
            #expect(try container.launcher.end() == .exited(64))
            #expect(container.text.hasPrefix("cannot use --restart sometimes: "))
        }
    }

    @Test(arguments: Pod.allCases)
    func saysThatNoAppLineCanBeUsed(pod: Pod) throws {
        try withContainer(pod, of: Self.craterRun("up", "--app", "tensorboard --logdirr /logs")) { (container) throws in
            #expect(try container.launcher.end() == .exited(64))
            #expect(
                container.text.hasPrefix("cannot use the app line 'tensorboard --logdirr /logs': cannot use --logdirr"))
        }
    }

    @Test(arguments: Pod.allCases)
    func saysThatTheProgramOfAnAppIsNotThere(pod: Pod) throws {
        let command = Self.craterRun("tensorboard", "--executable", "/no/such/tensorboard")
        try withContainer(pod, of: command) { (container) throws in
            #expect(try container.launcher.end() == .exited(127))
            #expect(container.text.hasPrefix("cannot start tensorboard: there is no such program"))
        }
    }

    @Test(arguments: Pod.allCases)
    func saysWhichRuleItLacks(pod: Pod) throws {
        try withContainer(pod, of: Self.craterRun("visdom", "--wait", "0")) { (container) throws in
            #expect(try container.launcher.end() == .exited(78))
            #expect(container.text.hasPrefix("cannot serve visdom: there is no ingress rule for it"))
        }
    }

    @Test(arguments: Pod.allCases, [("/no/such/program", Int32(127)), ("/etc/passwd", 126)])
    func saysThatTheJobCannotBeStarted(pod: Pod, job: (program: String, code: Int32)) throws {
        let command = Self.craterRun("up", "--app", "tensorboard", "--", job.program)
        try withContainer(pod, of: command) { (container) throws in
            #expect(try container.launcher.end() == .exited(job.code))
            #expect(container.text.hasPrefix("cannot start the job: "), "\(container.launcher.log)")
            #expect(container.text.contains(job.program))
        }
    }

    /// sudo and tini pass an end on.
    @Test(
        arguments: Pod.allCases,
        ["sudo --preserve-env --", "tini -s --", "dumb-init --", "tini -s -- sudo --preserve-env"])
    func saysSoBehindWhatPassesItsEndOn(pod: Pod, front: String) throws {
        let words = front.split(separator: " ").map(String.init)
        // On CI what is missing is not left out unseen.
        guard Mode.isOnCI || words.allSatisfy({ $0.hasPrefix("-") || (try? Shell.run("command -v $1", $0)) != nil })
        else {
            return
        }
        try withContainer(pod, of: words + Self.craterRun("tensorboard", "--restart", "sometimes")) {
            (container) throws in
            #expect(try container.launcher.end() == .exited(64), "\(container.launcher.log)")
            #expect(container.text.hasPrefix("cannot use --restart sometimes: "))
        }
    }

    @Test(arguments: Pod.allCases)
    func saysSoWhereTheEntryPointBecomesIt(pod: Pod) throws {
        let script = ManifestTools.repository.appendingPathComponent("entrypoint.sh").path
        let command = ["sh", script, "/no/such/program"]
        try withContainer(pod, of: command, with: ["CRATER_RUN_BINARY": TestBinary.path]) { (container) throws in
            #expect(try container.launcher.end() == .exited(127))
            #expect(container.text.hasPrefix("cannot start the job: "), "\(container.launcher.log)")
        }
    }

    /// Who may not see the sandbox's mounts sees that it is in another control group.
    @Test(.enabled(if: Mode.isOnCI || ControlGroup.isAvailable("pids"), "it needs a control group of its own"))
    func saysSoAsAUserWhoSeesNothingOfTheSandbox() throws {
        let group = try #require(ControlGroup("pids"))
        let command = Self.craterRun("tensorboard", "--restart", "sometimes")
        try withContainer(.sharedProcesses, of: command, asStrangerIn: group) { (container) throws in
            #expect(try container.launcher.end() == .exited(64), "\(container.launcher.log)")
            #expect(container.text.hasPrefix("cannot use --restart sometimes: "))
        }
    }

    // MARK: What is not

    @Test(arguments: Pod.allCases)
    func saysNothingOfTheJobsOwnEnd(pod: Pod) throws {
        let command = Self.craterRun("up", "--app", "tensorboard --max-restarts 0", "--", "sh", "-c", "exit 7")
        try withContainer(pod, of: command) { (container) throws in
            #expect(try container.launcher.end() == .exited(7))
            #expect(container.text == "")
        }
    }

    /// A line of an app is wrong, an app fails, the supervisor is killed: the job goes on, and its end is its own.
    @Test(arguments: Pod.allCases)
    func saysNothingOfAnAppBesideAJob(pod: Pod) throws {
        let command = Self.craterRun(
            "up", "--app", "visdom --logdirr x", "--app", "tensorboard --max-restarts 0", "--", GatedJob.command[0],
            GatedJob.command[1], GatedJob.command[2])
        try withContainer(pod, fake: .script, of: command, with: ["FAKE_SCRIPT": "exit 3"]) { (container) throws in
            try container.launcher.line("tensorboard: exited with code 3", "it has failed")
            kill(try container.launcher.supervisorPID(), SIGKILL)
            container.launcher.errors.rewind()
            try container.launcher.finishJob(code: 7)
            #expect(try container.launcher.end() == .exited(7))
            #expect(container.text == "")
        }
    }

    @Test(arguments: Pod.allCases)
    func saysNothingWhereItWasToStop(pod: Pod) throws {
        try withContainer(pod, of: Self.craterRun("tensorboard")) { (container) throws in
            try container.launcher.waitUntilReady()
            kill(try container.mainPID(), SIGTERM)
            #expect(try container.launcher.end() == .exited(0))
            #expect(container.text == "")
        }
    }

    /// `kubectl exec`, a probe, a terminal: theirs is not the container's end.
    @Test(arguments: Pod.allCases)
    func saysNothingOfACommandBesideIt(pod: Pod) throws {
        let command = Self.craterRun("up", "--app", "tensorboard", "--") + GatedJob.command
        try withContainer(pod, of: command) { (container) throws in
            try container.launcher.waitUntilReady()
            let main = try container.mainPID()
            for words in [
                ["tensorboard", "--restart", "sometimes"], ["probe", "ready", "nobody"], ["rules", "nobody"],
            ] {
                let said = try container.execute(words, in: main)
                #expect(said.ending != .exited(0), "\(said)")
            }
            #expect(container.text == "")
            try container.launcher.finishJob(code: 0)
            #expect(try container.launcher.end() == .exited(0))
        }
    }

    /// What it is started by may go on.
    @Test(arguments: Pod.allCases)
    func saysNothingBelowAShell(pod: Pod) throws {
        let command = ["sh", "-c", "'\(TestBinary.path)' tensorboard --restart sometimes; echo code $?; exit 5"]
        try withContainer(pod, of: command) { (container) throws in
            try container.launcher.outputLine("code 64")
            #expect(try container.launcher.end() == .exited(5))
            #expect(container.text == "")
        }
    }
}
