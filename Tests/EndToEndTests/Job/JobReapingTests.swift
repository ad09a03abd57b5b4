import CraterRunCore
import CraterRunLinux
import Glibc
import Testing

/// What comes to crater-run to be reaped, and what the job leaves behind.
@Suite(.timeLimit(TestTime.limit))
struct JobReapingTests {
    /// The job itself waits until none is left.
    @Test(arguments: Mode.available)
    func reapsTenThousandOrphansAtOnce(mode: Mode) throws {
        try withLauncher(mode, fake: .orphans) { launcher in
            try launcher.startJob("tensorboard", "10000")
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test(arguments: Mode.available)
    func tellsTheJobsEndFromThoseOfOrphans(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            for code in 1...20 as ClosedRange<Int32> {
                try launcher.startScript(
                    "i=0; while [ $i -lt 20 ]; do (true &); i=$((i + 1)); done; (exit 99 &); exit \(code)")
                #expect(try launcher.end() == .exited(code))
            }
        }
    }

    @Test(arguments: Mode.available)
    func leavesNoZombieWhileTheJobRuns(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startScript(
                "i=0; while [ $i -lt 50 ]; do (setsid true &); i=$((i + 1)); done; exec sleep 1000")
            _ = try launcher.waitForSupervisor()
            try launcher.wait(until: "the job and the supervisor to be all") {
                HostProcesses.rows().count { $0.parent == launcher.pid } == 2
            }
            #expect(try launcher.stop() == .exited(143))
        }
    }

    /// In the job's session and group, in a session of its own, without a parent, and stopped.
    private static let leaving = """
        leave() { "$@" \(Launcher.fakes)signals 15:0 >> "$FAKE_RECORD/told" & }
        leave env
        leave setsid
        (setsid sh -c '"$0" 15:0 >> "$FAKE_RECORD/told" &' \(Launcher.fakes)signals &)
        leave env; last=$!
        until [ "$(grep -c pid "$FAKE_RECORD/told")" = 4 ]; do sleep 0.01; done
        kill -STOP $last
        exit 5
        """

    @Test(arguments: Mode.available)
    func asksWhatTheJobLeftToEnd(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try launcher.startScript(Self.leaving)
            #expect(try launcher.end() == .exited(5))
            let told = String(decoding: try SmallFile.read("\(launcher.record)/told"), as: UTF8.self)
            #expect(told.split(separator: "\n").count { $0 == "signal 15" } == 4, "\(told)")
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func killsWhatDoesNotEndInTime() throws {
        try withLauncher { launcher in
            try launcher.startScript(
                "(trap '' TERM; setsid sh -c 'echo ready; exec sleep 1000' &) | read ready; exit 5")
            #expect(try launcher.end() == .exited(5))
            #expect(launcher.leftovers() == [])
        }
    }

    @Test func aSecondSignalSkipsTheWaiting() throws {
        try withLauncher { launcher in
            // One that comes before the job's end must not end it.
            try launcher.startScript(
                "trap '' INT; (trap '' TERM; setsid sh -c 'echo ready; exec sleep 1000' &) | read ready; echo ends; exit 5"
            )
            try launcher.outputLine("ends")
            try launcher.wait(until: "the end") {
                launcher.send(SIGINT)
                return launcher.hasEnded
            }
            #expect(try launcher.end() == .exited(5))
            #expect(launcher.errors.text.contains("SIGINT received while stopping: killing what is left"))
            #expect(launcher.leftovers() == [])
        }
    }
}
