import CraterRunLinux
import Foundation
import Glibc
import Testing

/// A thread of the supervisor that is stopped while its others go on.
final class Freezer {
    private let process: SpawnedProcess

    /// Stops the first thread of a process, and returns when that has happened.
    init(_ pid: Int32, in launcher: Launcher) throws {
        let program = "\(launcher.root)/freeze"
        try Shell.run("gcc -static -O1 -Wall -Wextra -Werror -o $2 $1", Launcher.fakes + "freeze.c", program)
        let output = try LineStream()
        process = try SpawnedProcess(
            [program, "\(pid)"], environment: [], streams: [.null, output.target, output.target])
        output.closeWriteEnd()
        try launcher.wait(until: "the thread is stopped: \(output.text)") {
            output.drain()
            return output.takeLine(containing: ["frozen"]) != nil
        }
    }

    /// Lets it go on.
    func end() throws {
        process.send(SIGKILL)
        _ = try process.waitForEnd()
    }

    /// Whether this machine lets us trace: on CI it has to.
    static let isTested: Bool = {
        if Mode.isOnCI { return true }
        guard getuid() != 0 else { return true }
        let scope = (try? SmallFile.read("/proc/sys/kernel/yama/ptrace_scope"))?.first
        return scope == nil || scope == UInt8(ascii: "0")
    }()
}

/// A supervisor that is there and does nothing.
@Suite(.timeLimit(TestTime.limit))
struct FrozenSupervisorTests {
    private func beats(_ launcher: Launcher) -> Int {
        (try? String(contentsOfFile: "\(launcher.work)/beat", encoding: .utf8)).flatMap { Int($0) } ?? 0
    }

    @Test(.enabled(if: Freezer.isTested, "nobody may be traced here"), arguments: Mode.available)
    func aReactorThatIsStuckIsNotAliveAndIsStartedAgain(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startUp(
                ["--app", "tensorboard"], job: ["python3", "-S", "-c", SupervisorDeathTests.heartbeat])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let first = try launcher.supervisorPID()
            let freezer = try Freezer(first, in: launcher)
            #expect(try launcher.wait(for: "/livez", toAnswer: 503) == "the reactor does not turn\n")
            // The others answer as it last was.
            #expect(launcher.probe("/readyz")?.status == 200)
            let before = beats(launcher)
            try launcher.line("error: the reactor does not turn for 10 s: ending, to be started again")
            try launcher.line("the supervisor of the apps exited with code 70", "the job goes on; starting it again")
            let second = try launcher.supervisorPID(after: first)
            try launcher.wait(for: "/livez", toAnswer: 200)
            try launcher.wait(for: "/readyz", toAnswer: 200)
            #expect(try launcher.supervisorPID() == second)
            // What the first one had started is gone, and nobody has told the job anything.
            #expect(launcher.launches.count == 2)
            try launcher.wait(until: "the heart beats on") { beats(launcher) > before }
            #expect(FileManager.default.createFile(atPath: "\(launcher.work)/end", contents: nil))
            #expect(try launcher.end() == .exited(3))
            #expect(!FileManager.default.fileExists(atPath: "\(launcher.work)/signals"))
            #expect(launcher.leftovers() == [])
            try freezer.end()
        }
    }

    /// As PID 1 without a job it is for the kubelet to start it again.
    @Test(.enabled(if: Freezer.isTested && (Mode.canBeProcessOne || Mode.isOnCI), "crater-run cannot be PID 1 here"))
    func asPIDOneWithoutAJobItEndsWithEverythingItStarted() throws {
        try withLauncher(.processOne) { launcher in
            try launcher.startUp(["--app", "tensorboard"], job: [])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let freezer = try Freezer(launcher.pid, in: launcher)
            try launcher.wait(for: "/livez", toAnswer: 503)
            #expect(try launcher.end() == .exited(70))
            try launcher.wait(until: "nothing is left") { launcher.leftovers() == [] }
            try freezer.end()
        }
    }

    @Test(.enabled(if: Freezer.isTested, "nobody may be traced here"))
    func aReactorThatGoesOnInTimeIsLeftAlone() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let supervisor = try launcher.supervisorPID()
            let freezer = try Freezer(supervisor, in: launcher)
            try launcher.wait(for: "/livez", toAnswer: 503)
            try freezer.end()
            try launcher.wait(for: "/livez", toAnswer: 200)
            #expect(try launcher.supervisorPID() == supervisor)
            #expect(launcher.launches.count == 1)
        }
    }

    /// Its apps would be left to nobody.
    @Test(.enabled(if: Freezer.isTested, "nobody may be traced here"))
    func whereNobodyStartsItAgainItStays() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"], job: [])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let freezer = try Freezer(launcher.pid, in: launcher)
            try launcher.wait(for: "/livez", toAnswer: 503)
            let deadline = Deadline(.seconds(12))
            try launcher.wait(until: "it would have ended") { deadline.hasPassed }
            try freezer.end()
            try launcher.wait(for: "/livez", toAnswer: 200)
            #expect(launcher.launches.count == 1)
            #expect(try launcher.stop() == .exited(143))
        }
    }

    /// As a suspended machine does: longer than a reactor may be silent, and by nobody's fault.
    @Test func aProcessThatWasStoppedAsAWholeIsLeftAlone() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.wait(for: "/readyz", toAnswer: 200)
            let supervisor = try launcher.supervisorPID()
            kill(supervisor, SIGSTOP)
            let deadline = Deadline(.seconds(12))
            try launcher.wait(until: "it was silent for longer than it may be") { deadline.hasPassed }
            #expect(HostProcesses.state(of: supervisor) == "T")
            kill(supervisor, SIGCONT)
            try launcher.wait(for: "/livez", toAnswer: 200)
            #expect(try launcher.supervisorPID() == supervisor)
            #expect(launcher.launches.count == 1)
            try launcher.finishJob(code: 5)
            #expect(try launcher.end() == .exited(5))
            #expect(!launcher.errors.text.contains("does not turn"))
        }
    }
}
