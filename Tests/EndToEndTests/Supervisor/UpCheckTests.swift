import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// `up --check`.
@Suite(.timeLimit(TestTime.limit))
struct UpCheckTests {
    @Test func checkSaysWhatWouldBeDone() throws {
        try withLauncher { launcher in
            try launcher.startUp(["--check", "--app", "tensorboard --logdir x"], job: ["sh", "-c", "touch started"])
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.output.text.contains("job: /"))
            #expect(launcher.output.text.contains("--path_prefix=/ingress/liuxw24-379e0"))
            #expect(!FileManager.default.fileExists(atPath: "\(launcher.work)/started"))
        }
    }

    /// Nobody else expands it in a line, nor in a variable of the Pod's.
    @Test func aTildeInALineOrAVariableIsTheHome() throws {
        try withLauncher { launcher in
            launcher.environment["HOME"] = "/home/me"
            launcher.environment["CRATER_RUN_LOGDIR"] = "~/kept"
            launcher.podInfo.setRule("tb", port: Port.free(), prefix: "/ingress/old/")
            try launcher.startUp([
                "--check", "--app", "tensorboard --logdir ~/runs --rule tensorboard", "--app", "tensorboard --rule tb",
            ])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            #expect(launcher.output.text.contains("--logdir /home/me/runs"), "\(launcher.log)")
            #expect(launcher.output.text.contains("--logdir /home/me/kept"), "\(launcher.log)")
        }
    }

    @Test func checkLeavesARuleToTheLineThatNamesIt() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("tb", port: Port.free(), prefix: "/ingress/old/")
            try launcher.startUp(["--check", "--app", "tensorboard", "--app", "tensorboard --rule tb"])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            for path in ["/ingress/liuxw24-379e0/", "/ingress/old/"] { try launcher.outputLine("tensorboard: \(path)") }
        }
    }

    @Test func checkSeesAPortThatIsTakenAndOneThatTwoLinesWant() throws {
        try withLauncher { launcher in
            let (line, other) = (Launcher.line("tensorboard"), Port.free())
            try launcher.startUp(["--check", "--app", "tensorboard"] + line)
            #expect(try launcher.end() == .exited(78))
            #expect(launcher.errors.text.contains("both at port \(launcher.port)"))
            launcher.podInfo.setRule("busy", port: other, prefix: "/ingress/busy/")
            try launcher.startUp(
                ["--app", "tensorboard"],
                job: ["sh", "-c", "tensorboard --bind_all --port \(other) & \(GatedJob.command[2])"])
            try launcher.wait(until: "somebody listens") { !Port.isFree(other) }
            try Shell.run(
                "$1 up --check --annotations $2 --app 'app busy -- true' >$3 2>&1 || :", TestBinary.path,
                launcher.podInfo.path, "\(launcher.work)/check")
            let check = try String(contentsOfFile: "\(launcher.work)/check", encoding: .utf8)
            #expect(check.contains("cannot start busy: port \(other) is in use by"))
        }
    }

    @Test func checkNamesEverythingThatIsWrong() throws {
        try withLauncher { launcher in
            launcher.podInfo.setRule("bad", value: "{}")
            try launcher.startUp(
                [
                    "--check", "--linger", "x", "--app", "tensorboard --restart never-ever", "--app",
                    "visdom --logdir y",
                ],
                job: ["no-such-program"])
            #expect(try launcher.end() == .exited(64))
            for text in ["--linger x", "never-ever", "--logdir", "no-such-program", "bad"] {
                #expect(launcher.errors.text.contains(text), "\(text)")
            }
        }
    }
}
