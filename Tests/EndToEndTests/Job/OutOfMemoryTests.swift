import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Memory that is used up, in a control group with a limit: whom the kernel kills, and what is said of it.
@Suite(
    .timeLimit(TestTime.limit),
    .enabled(
        if: ControlGroup.isAvailable("memory"),
        "out of memory is not tested here: it needs a memory control group of its own, and root"))
struct OutOfMemoryTests {
    private static let limit = 256

    /// A job that uses so many MiB, and goes on until the test ends it.
    private static func job(_ size: Int) -> [String] {
        let script = """
            import os
            held = bytearray(b"x") * (\(size) << 20)
            print("job", os.getpid(), flush=True)
            os._exit(int(open("gate").readline()))
            """
        return [Shell.python, "-S", "-c", script]
    }

    /// Starts a job of this size with TensorBoard beside it, in a container whose processes have this oom_score_adj.
    private func withContainer(
        job size: Int, score: Int, _ body: (Launcher, ControlGroup) throws -> Void
    ) throws {
        try withLauncher { launcher in
            let group = try #require(ControlGroup("memory"))
            #expect(group.limitMemory(OutOfMemoryTests.limit << 20))
            let raised = #"echo "$0" >/proc/self/oom_score_adj && exec "$@""#
            launcher.wrapper = group.wrapper + ["sh", "-c", raised, "\(score)"]
            launcher.podInfo.removeRule("notebook")
            try launcher.startUp(["--app", "tensorboard"], job: OutOfMemoryTests.job(size))
            try launcher.waitUntilReady()
            try body(launcher, group)
        }
    }

    private func score(of pid: Int32) throws -> String {
        String(decoding: try SmallFile.read("/proc/\(pid)/oom_score_adj"), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Where the job is not larger than the viewer by more than the lead: 84 thousandths of 256 MiB are 21 MiB.
    @Test func aViewerGoesBeforeAJobThatIsNotMuchLarger() throws {
        try withContainer(job: 80, score: 916) { (launcher, _) throws in
            let job = try launcher.jobPID()
            #expect(try score(of: job) == "916")
            #expect(try score(of: launcher.launch().pid) == "1000")
            _ = HTTP.get("/do/eat:400", port: launcher.port)
            try launcher.line(
                "tensorboard: was killed by SIGKILL (the kernel's OOM killer: the container's memory limit of 256 MiB was "
                    + "reached) after", "starting it again")
            launcher.errors.rewind()
            try launcher.wait(until: "it serves again") {
                launcher.launches.count == 2 && launcher.readiness()?.status == 200
            }
            #expect(try score(of: job) == "916")
            try launcher.finishJob(code: 7)
            #expect(try launcher.end() == .exited(7))
            #expect(launcher.leftovers() == [])
        }
    }

    /// As in a Pod of the class Burstable.
    @Test func aJobThatIsLargerByMoreThanTheLeadGoesFirst() throws {
        try withContainer(job: 150, score: 916) { (launcher, _) throws in
            _ = HTTP.get("/do/eat:100", port: launcher.port)
            #expect(try launcher.end() == .exited(137))
            #expect(launcher.launches.count == 1)
            #expect(try launcher.launch().signals.first == SIGTERM)
        }
    }

    /// As in a Pod of the class Guaranteed, whose lead is the whole limit and more. (A lower score takes a capability.)
    @Test func aViewerGoesBeforeAnyJobWhereTheLeadIsTheLimit() throws {
        try withContainer(job: 150, score: 0) { (launcher, _) throws in
            _ = HTTP.get("/do/eat:400", port: launcher.port)
            try launcher.line("tensorboard: was killed by SIGKILL (the kernel's OOM killer")
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
        }
    }

    /// A kill of somebody's is not the kernel's.
    @Test func aKillIsNotTakenForOne() throws {
        try withContainer(job: 1, score: 500) { (launcher, _) throws in
            kill(try launcher.fakePID(), SIGKILL)
            let line = try launcher.line("tensorboard: was killed by SIGKILL")
            #expect(!line.contains("OOM"), "\(line)")
        }
    }

    @Test func theDoctorTellsTheLead() throws {
        try withContainer(job: 1, score: 916) { (launcher, group) throws in
            launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
            // In the container, but in a terminal that is scored otherwise.
            let raised = ["sh", "-c", #"echo 1000 >/proc/self/oom_score_adj && exec "$@""#, "sh"]
            let said = try launcher.run([TestBinary.path, "doctor"], wrapper: group.wrapper + raised)
            let line = said.lines.first { $0.contains(" memory: ") } ?? "\(said)"
            #expect(
                line.hasPrefix(
                    "– memory: if the limit of 256 MiB is used up, the viewers (TensorBoard, Visdom, "))
            #expect(
                line.contains("up to 21.5 MiB more than they do") && line.contains("oom_score_adj is 916"), "\(line)")
        }
    }

    /// By hand, too.
    @Test func itIsSaidInTheForegroundToo() throws {
        try withLauncher { launcher in
            let group = try #require(ControlGroup("memory"))
            #expect(group.limitMemory(OutOfMemoryTests.limit << 20))
            launcher.wrapper = group.wrapper
            try launcher.start("--restart", "never")
            try launcher.waitUntilReady()
            _ = HTTP.get("/do/eat:400", port: launcher.port)
            try launcher.line("tensorboard: was killed by SIGKILL (the kernel's OOM killer", "not starting it again")
            #expect(try launcher.end() == .exited(137))
        }
    }
}
