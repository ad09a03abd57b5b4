import CraterRunCore
import Foundation
import Glibc
import Testing

/// Surroundings that containers have: the job runs in all of them, and the apps as far as they can.
@Suite(
    .timeLimit(TestTime.limit),
    .enabled(if: getuid() == 0 || Mode.isOnCI, "other users and other file systems are not tested here: it needs root"))
struct UpEnvironmentTests {
    /// A user that nobody knows.
    private static let stranger = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"]
    private static let powerless =
        stranger + ["--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"]

    /// Runs a job beside the fake app, checks that both work, and ends the job with a code of its own.
    private func runBoth(_ launcher: Launcher, _ wrapper: [String]) throws {
        launcher.podInfo.removeRule("notebook")
        try launcher.podInfo.write()
        try GatedJob.prepare(in: launcher.work)
        // The stranger reads, works and records there, and executes from it.
        try Shell.run("cp $1 $2/crater-run; chmod -R a+rwX $3", TestBinary.path, launcher.bin, launcher.root)
        try launcher.startIn(
            wrapper, "\(launcher.bin)/crater-run",
            ["up", "--annotations", launcher.podInfo.path, "--app", "tensorboard", "--"] + GatedJob.command)
        _ = try launcher.jobPID()
        try launcher.waitUntilReady()
        #expect(launcher.readiness()?.status == 200)
        try launcher.finishJob(code: 3)
        #expect(try launcher.end() == .exited(3))
        #expect(launcher.leftovers() == [])
    }

    @Test(arguments: Mode.available)
    func worksForAnyUserWithoutPrivileges(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try runBoth(launcher, UpEnvironmentTests.powerless + ["env", "-u", "HOME"])
        }
    }

    @Test(arguments: Mode.available)
    func worksWhereTheRootCannotBeWrittenTo(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let script = #"mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@""#
            let own = mode == .processOne ? [] : ["unshare", "--mount"]
            try runBoth(launcher, own + ["sh", "-c", script, launcher.root])
        }
    }

    /// Nobody sees another user's processes, and the job is another user's.
    @Test func worksWhereProcessesAreHidden() throws {
        try withLauncher(.processOne) { launcher in
            let script = #"mount -o remount,hidepid=2 /proc && exec "$@""#
            try runBoth(launcher, ["sh", "-c", script, "sh"] + UpEnvironmentTests.stranger)
        }
    }

    @Test(arguments: ["64", "20000"])
    func worksWithFewAndManyDescriptors(limit: String) throws {
        try withLauncher { launcher in
            try runBoth(launcher, ["prlimit", "--nofile=\(limit):\(limit)"])
        }
    }

    /// Not even a process for the job: without crater-run it would need none.
    @Test func theJobRunsAloneWhereItIsGrantedNoProcess() throws {
        try withLauncher { launcher in
            try launcher.podInfo.write()
            try Shell.run("cp $1 $2/crater-run; chmod -R a+rwX $3", TestBinary.path, launcher.bin, launcher.root)
            let user = ["setpriv", "--reuid", "54323", "--regid", "54323", "--clear-groups"]
            try launcher.startIn(
                user + ["prlimit", "--nproc=1"], "\(launcher.bin)/crater-run",
                ["up", "--annotations", launcher.podInfo.path, "--app", "tensorboard", "--"]
                    + ["/bin/sh", "-c", "echo alone; exit 42"])
            try launcher.line("cannot start the job beside crater-run", "running it alone, without any app")
            try launcher.outputLine("alone")
            #expect(try launcher.end() == .exited(42))
        }
    }

    /// No thread and no process more than the job itself: the apps come when there is room.
    @Test func theJobRunsWhereNothingElseCanBeStarted() throws {
        try withLauncher { launcher in
            launcher.podInfo.removeRule("notebook")
            try launcher.podInfo.write()
            try GatedJob.prepare(in: launcher.work)
            try Shell.run("cp $1 $2/crater-run; chmod -R a+rwX $3", TestBinary.path, launcher.bin, launcher.root)
            // A user of its own, whom nobody else's processes count against.
            let user = ["setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups"]
            try launcher.startIn(
                user + ["prlimit", "--nproc=2"], "\(launcher.bin)/crater-run",
                ["up", "--annotations", launcher.podInfo.path, "--app", "tensorboard", "--"] + GatedJob.command)
            _ = try launcher.jobPID()
            try launcher.wait(until: "the supervisor was tried") {
                launcher.errors.text.contains("supervisor") || launcher.living().count > 2
            }
            try launcher.finishJob(code: 8)
            #expect(try launcher.end() == .exited(8))
            #expect(launcher.leftovers() == [])
        }
    }
}

extension Launcher {
    /// Starts a copy of crater-run that the wrapper's user may execute.
    fileprivate func startIn(_ wrapper: [String], _ binary: String, _ words: [String]) throws {
        self.wrapper = wrapper
        try startProgram([binary] + words)
    }
}
