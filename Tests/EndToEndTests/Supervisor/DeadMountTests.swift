import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// A file system that does not answer any more costs the app alone that needs it.
@Suite(.timeLimit(TestTime.limit), .enabled(if: DeadMount.isTested, "nobody may mount anything here"))
struct DeadMountTests {
    /// What of an app is on the file system.
    enum Place: String, CaseIterable, CustomTestStringConvertible {
        case logDirectory
        case executable
        case interpreter
        case pathEntry
        case temporaryDirectory
        case home

        var testDescription: String { rawValue }
    }

    /// How long the others have to go on. Once for each way to hang, on the reactor's side and in a child, that is longer than the
    /// reactor may be silent; elsewhere the commands that follow show that the reactor turns.
    private static func time(of place: Place) -> Duration {
        [.logDirectory, .executable].contains(place) ? .seconds(12) : .seconds(2)
    }

    /// Sets up an app that lives on `dead`, and returns its line.
    private func prepare(_ place: Place, _ dead: String, _ launcher: Launcher) throws -> String {
        let files = FileManager.default
        switch place {
        case .logDirectory:
            try files.createDirectory(atPath: "\(dead)/logs", withIntermediateDirectories: true)
            return "tensorboard --logdir \(dead)/logs"
        case .executable:
            try files.copyItem(atPath: Launcher.fakes + "tensorboard", toPath: "\(dead)/tensorboard")
            return "tensorboard --executable \(dead)/tensorboard"
        case .interpreter:
            let text = try String(contentsOfFile: Launcher.fakes + "tensorboard", encoding: .utf8)
            let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            try files.createSymbolicLink(atPath: "\(dead)/python3", withDestinationPath: Shell.python)
            let program = "\(launcher.root)/interpreted"
            try "#!\(dead)/python3\n\(lines.last ?? "")".write(toFile: program, atomically: true, encoding: .utf8)
            chmod(program, 0o755)
            return "tensorboard --executable \(program)"
        case .pathEntry:
            // After the places of the tools that the test itself looks for.
            launcher.environment["PATH"] = "/usr/bin:/bin:\(dead):\(launcher.bin)"
            return "tensorboard"
        case .temporaryDirectory:
            launcher.environment["TMPDIR"] = dead
            return "tensorboard"
        case .home:
            // Any command may need one; TensorBoard does not, and is not kept waiting.
            launcher.environment["HOME"] = dead
            return Launcher.line("tensorboard").last ?? ""
        }
    }

    @Test(arguments: Place.allCases)
    func costsTheAppThatNeedsItAlone(place: Place) throws {
        try withLauncher { launcher in
            let dead = "\(launcher.root)/dead"
            try FileManager.default.createDirectory(atPath: dead, withIntermediateDirectories: true)
            let line = try prepare(place, dead, launcher)
            let other = Port.free()
            launcher.podInfo.setRule("other", port: other, prefix: "/ingress/other/")
            try launcher.startUp(["--app", line] + Launcher.line("other"))
            try launcher.wait(until: "both serve") {
                launcher.readiness()?.status == 200 && launcher.status(port: other, "/ingress/other/") == 200
            }
            try launcher.wait(for: "/readyz/other", toAnswer: 200)
            let supervisor = try launcher.supervisorPID()
            let process = try pid(of: "other", launcher)
            let mount = try DeadMount(over: dead, in: launcher)
            #expect(try launcher.succeeds("restart", "tensorboard", "--no-wait"))
            try launcher.line("tensorboard is not started yet: \(dead)", "does not answer")
            try goesOn(launcher, for: DeadMountTests.time(of: place), other: process)
            #expect(try launcher.supervisorPID() == supervisor)
            let app = try #require(try launcher.shownSupervisor()["tensorboard"])
            #expect(app.state == "starting" && app.reason?.hasPrefix(dead) ?? false)
            // A stop does not wait for the file system, and a start waits for it again.
            #expect(try launcher.succeeds("stop", "tensorboard"))
            #expect(try launcher.succeeds("start", "tensorboard", "--no-wait"))
            try mount.end()
            try launcher.wait(until: "it serves again") { launcher.readiness()?.status == 200 }
            try launcher.finishJob(code: 7)
            #expect(try launcher.end() == .exited(7))
            #expect(launcher.leftovers() == [])
        }
    }

    /// The job's end does not wait for an app that cannot be started.
    @Test(arguments: [Place.executable, .interpreter, .logDirectory])
    func keepsNobodyFromEnding(place: Place) throws {
        try withLauncher { launcher in
            let dead = "\(launcher.root)/dead"
            try FileManager.default.createDirectory(atPath: dead, withIntermediateDirectories: true)
            let line = try prepare(place, dead, launcher)
            let mount = try DeadMount(over: dead, in: launcher)
            defer { try? mount.end() }
            try launcher.startUp(["--app", line])
            try launcher.line("tensorboard is not started yet: ", "does not answer")
            try launcher.finishJob(code: 3)
            #expect(try launcher.end() == .exited(3))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func anAnnotationsFileThatDoesNotAnswerIsReportedAndReadOnceItDoes() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            let process = try pid(of: "tensorboard", launcher)
            // The volume of the one that runs: its watch ends with the mount.
            let mount = try DeadMount(over: launcher.podInfo.directory, in: launcher)
            kill(try launcher.supervisorPID(), SIGKILL)
            try launcher.line("cannot read the annotations file \(launcher.podInfo.directory)", "does not answer")
            try launcher.wait(for: "/livez", toAnswer: 200)
            #expect(launcher.probe("/startupz")?.status == 503)
            #expect(HostProcesses.row(of: process).map(\.isZombie) ?? true)
            try mount.end()
            try launcher.waitUntilReady()
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
        }
    }

    @Test func byHandASignalEndsWhatWaitsForTheAnnotationsFile() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            let mount = try DeadMount(over: launcher.podInfo.directory, in: launcher)
            defer { try? mount.end() }
            // Not as ever: that would write to the volume.
            try launcher.startCommand(["tensorboard", "--annotations", launcher.podInfo.path, "--wait", "forever"])
            try launcher.line("does not answer")
            #expect(try launcher.stop() == .exited(143))
            #expect(launcher.leftovers() == [])
        }
    }

    /// Another app's process does not change, and probes are answered, for a while.
    private func goesOn(_ launcher: Launcher, for time: Duration, other process: Int32) throws {
        let end = MonotonicClock.now().advanced(by: time)
        try launcher.wait(until: "a while has passed") {
            guard let live = launcher.probe("/livez"), live.status == 200 else {
                throw Failure("/livez\n\(launcher.log)")
            }
            return MonotonicClock.now() >= end
        }
        #expect(try pid(of: "other", launcher) == process)
    }

    private func pid(of app: String, _ launcher: Launcher) throws -> Int32 {
        let found = try launcher.shownSupervisor()[app]?.pid
        return try #require(found)
    }
}
