import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// Who may ask what: a job behind sudo is another user than its probes and than whoever enters the container.
@Suite(
    .timeLimit(TestTime.limit),
    .enabled(if: getuid() == 0 || Mode.isOnCI, "other users are not tested here: needs root"))
struct ControlUserTests {
    private func start(_ launcher: Launcher, as user: [String] = [], job: [String] = GatedJob.command) throws {
        try GatedJob.prepare(in: launcher.work)
        try launcher.letStrangersIn()
        if !launcher.hasItsOwnMounts { launcher.wrapper = user }
        try launcher.startProgram(
            [launcher.strangersBinary, "up", "--annotations", launcher.podInfo.path, "--app", "tensorboard", "--"] + job
        )
        try launcher.waitUntilReady()
    }

    @Test(arguments: Mode.available)
    func anybodyMayReadAndNobodyElseMayChange(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            try start(launcher)
            for words in [["status"], ["status", "--output", "json"], ["probe", "ready"], ["probe", "live"]] {
                let said = try launcher.run([launcher.strangersBinary] + words, wrapper: Launcher.stranger)
                #expect(said.ending == .exited(0) && said.errors == "", "\(said)")
            }
            for verb in ["stop", "start", "restart"] {
                let said = try launcher.askAsStranger(verb, "tensorboard")
                #expect(said.ending == .exited(1) && said.output == "", "\(said)")
                #expect(said.errors.contains("cannot \(verb) tensorboard: ") && said.errors.contains("user 0's"))
                #expect(said.errors.contains("only that user and root may change"))
            }
            let handOver = try launcher.askAsStranger("visdom", "--detach")
            #expect(handOver.ending == .exited(1) && handOver.errors.contains("user 0's"), "\(handOver)")
            if Curl.isThere || Mode.isOnCI {
                #expect(try launcher.curl("/v1/status", wrapper: Launcher.stranger).status == 200)
                let path = "/v1/apps/tensorboard/stop"
                #expect(try launcher.curl(path, method: "POST", wrapper: Launcher.stranger).status == 403)
                #expect(try launcher.curl(path, wrapper: Launcher.stranger).status == 405)
            }
            #expect(try launcher.shownSupervisor()["tensorboard"]?.restarts == 0)
            #expect(launcher.launches.count == 1)
        }
    }

    /// In /tmp, where it has to be without a directory of its own.
    @Test(arguments: Mode.available)
    func rootMayChangeWhatAnotherUserServes(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            launcher.useOwnMounts(as: Launcher.stranger + ["env", "--unset=CRATER_RUN_DIR"])
            try start(launcher)
            let unset: [String: String?] = ["CRATER_RUN_DIR": nil]
            let there = try launcher.run(["ls", "-ldn", "/tmp/crater-run-12345", "/tmp/crater-run-12345/control.sock"])
            #expect(there.ending == .exited(0), "\(there)")
            #expect(there.lines.contains { $0.hasPrefix("drwxr-xr-x") && $0.contains(" 12345 12345 ") })
            let status = try launcher.ask("status", "--output", "json", changes: unset)
            #expect(status.ending == .exited(0) && status.output.contains(#""state" : "ready""#), "\(status)")
            let stop = try launcher.ask("stop", "tensorboard", changes: unset)
            #expect(stop.ending == .exited(0) && stop.lines == ["tensorboard: stopped"], "\(stop)")
            let start = try launcher.askAsStranger("start", "tensorboard", changes: unset)
            #expect(start.ending == .exited(0), "\(start)")
            // A third user looks in nobody's directory but root's and its own.
            let third = ["setpriv", "--reuid", "4711", "--regid", "4711", "--clear-groups"]
            let other = try launcher.run([launcher.strangersBinary, "status"], wrapper: third, unset)
            #expect(other.ending == .exited(69), "\(other)")
            try launcher.finishJob(code: 2)
            #expect(try launcher.end() == .exited(2))
        }
    }

    @Test(arguments: [
        ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"], ["sudo", "--user", "nobody"],
    ])
    func aJobOfAnotherUserProbesTheSupervisorOfRoot(user: [String]) throws {
        try withLauncher { launcher in
            try launcher.letStrangersIn()
            // sudo takes the variables.
            let own = "CRATER_RUN_DIR=\(launcher.runDirectory)"
            let script = "until $0 probe ready; do :; done; $0 stop tensorboard; echo code $?; read code < gate; exit 6"
            try start(launcher, job: user + ["env", own, "sh", "-c", script, launcher.strangersBinary])
            try launcher.outputLine("code 1")
            #expect(launcher.errors.text.contains("user 0's"))
            #expect(try launcher.ask("probe", "ready", "tensorboard").ending == .exited(0))
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(6))
        }
    }

    /// A directory of the right name that another user made is a trap, and a link is, too: the next place is taken, by both sides.
    @Test(arguments: [
        ("mkdir -m 777 $d; chown 4711 $d", "a directory"), ("mkdir -m 755 $d; chown 4711 $d", "a directory"),
        ("ln -s /run $d; chown -h 4711 $d", "a link"), ("mkfifo $d; chown 4711 $d", "a FIFO"),
    ])
    func anothersDirectoryIsNotUsed(trap: String, what: String) throws {
        try withLauncher { launcher in
            launcher.useOwnMounts(
                then: "d=/tmp/crater-run-12345; \(trap)", as: Launcher.stranger + ["env", "--unset=CRATER_RUN_DIR"])
            try start(launcher)
            #expect(
                launcher.errors.text.contains(
                    "warning: /tmp/crater-run-12345 is \(what) of user 4711; /dev/shm/crater-run-12345 is used instead"),
                "\(launcher.log)")
            let said = try launcher.run(["find", "/tmp/", "/run", "-name", "control*"])
            #expect(said.output == "", "\(said)")
            let unset: [String: String?] = ["CRATER_RUN_DIR": nil]
            for wrapper in [[], Launcher.stranger] {
                let status = try launcher.run([launcher.strangersBinary, "status"], wrapper: wrapper, unset)
                #expect(status.ending == .exited(0) && status.output.contains("tensorboard"), "\(status)")
                // What another user serves counts for root where that user is named.
                let words = ["probe", "ready"] + (wrapper.isEmpty ? ["--user", "12345"] : [])
                let probe = try launcher.run([launcher.strangersBinary] + words, wrapper: wrapper, unset)
                #expect(probe.ending == .exited(0), "\(probe)")
            }
        }
    }

    /// Where there is no place at all, it is known all the same that one runs.
    @Test func oneThatHasNoSocketIsNotTakenForNone() throws {
        try withLauncher { launcher in
            launcher.useOwnMounts(
                then: "chmod 0777 /tmp /dev/shm; mount -t tmpfs -o mode=777 none /var/tmp",
                as: Launcher.stranger + ["env", "--unset=CRATER_RUN_DIR"])
            try start(launcher)
            let why = "/tmp can be written to by everybody and has no sticky bit"
            #expect(launcher.errors.text.contains("warning: no directory for the control socket is to be had"))
            #expect(launcher.errors.text.contains(why) && launcher.errors.text.contains("/dev/shm can be written"))
            let unset: [String: String?] = ["CRATER_RUN_DIR": nil]
            #expect(try launcher.ask("probe", "ready", "--user", "12345", changes: unset).ending == .exited(0))
            let status = try launcher.ask("status", changes: unset)
            #expect(status.ending == .exited(69), "\(status)")
            #expect(status.errors.contains("a crater-run looks after apps here (pid "))
            #expect(status.errors.contains(why))
            let doctor = try launcher.ask("doctor", "--annotations", launcher.podInfo.path, changes: unset)
            #expect(doctor.output.contains("tensorboard is ready"), "\(doctor)")
            #expect(!doctor.output.contains("no crater-run looks after apps here"))
        }
    }
}
