import Glibc
import Testing

/// An image that holds nothing: no shell, no loader, no /dev, no /tmp, no /etc.
@Suite(.timeLimit(TestTime.limit))
struct ChrootTests {
    @Test(
        .enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "an empty chroot is not tested here: it needs root"),
        arguments: Mode.available
    )
    func servesBesideNothingButAnAppAndProc(mode: Mode) throws {
        try withLauncher(mode, fake: .standalone) { launcher in
            let image = "\(launcher.root)/image"
            try Shell.run(
                "mkdir -p $1/proc; cp $2 $1/crater-run; cp $3 $1/app",
                image,
                TestBinary.path,
                "\(launcher.bin)/tensorboard"
            )
            // In a mount namespace of its own; as PID 1 there is one already.
            let mount = #"mount -t proc proc "$0/proc" && shift && exec chroot "$0" /crater-run "$@""#
            launcher.wrapper = (mode == .processOne ? [] : ["unshare", "--mount"]) + ["sh", "-c", mount, image]
            try launcher.startCommand([
                "tensorboard", "--executable", "/app", "--prefix", "/ingress/x", "--port", "\(launcher.port)",
            ])
            // The root itself is all that can be written to.
            try launcher.line("no usual temporary directory can be written to: TMPDIR is / for tensorboard")
            try launcher.waitUntilReady()
            try launcher.outputLine("[tensorboard] serving")
            #expect(HTTP.get("/ingress/x/data/environment", port: launcher.port)?.status == 200)
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
            #expect(launcher.leftovers() == [])
        }
    }

    /// Not even /proc.
    @Test(.enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "an empty chroot is not tested here: it needs root"))
    func runsTheJobAloneBesideNothingAtAll() throws {
        try withLauncher(fake: .standalone) { launcher in
            let image = "\(launcher.root)/image"
            try Shell.run("mkdir $1; cp $2 $1/crater-run", image, TestBinary.path)
            try Shell.run(#"echo 'int main(void) { return 42; }' | gcc -static -x c - -o $1/job"#, image)
            launcher.wrapper = ["chroot", image]
            try launcher.startProgram(["/crater-run", "up", "--linger", "1h", "--", "/job", "x"])
            #expect(try launcher.end() == .exited(42))
            #expect(
                launcher.errors.text
                    == "crater-run: error: there is no /proc: running the job alone, without any app\n")
        }
    }
}

/// A host without /proc: Swift's runtime does not begin there.
@Suite(
    .timeLimit(TestTime.limit), .enabled(if: Mode.canBeProcessOne || Mode.isOnCI, "taking /proc away needs root")
)
struct WithoutProcTests {
    private static let alone = "crater-run: error: there is no /proc: running the job alone, without any app\n"

    @Test func theJobRunsAlone() throws {
        try withLauncher { launcher in
            launcher.wrapper = Launcher.withoutProc
            try Shell.run(#"printf 'echo "script $1"; exit 43' >$1/script; chmod +x $1/script"#, launcher.bin)
            for (words, code, output) in [
                (["sh", "-c", "echo alone; exit 42"], 42, "alone\n"), (["script", "1"], 43, "script 1\n"),
                (["\(launcher.bin)/script", "2"], 43, "script 2\n"), (["--", "x"], 127, ""), (["/"], 126, ""),
            ] as [([String], Int32, String)] {
                try launcher.startCommand(["up", "--app", "tensorboard", "--"] + words)
                #expect(try launcher.end() == .exited(code))
                #expect(launcher.output.text == output)
                #expect(launcher.errors.text.hasPrefix(Self.alone))
                let isStarted = launcher.errors.text == Self.alone
                #expect(
                    isStarted || launcher.errors.text.contains("cannot start the job: cannot execute \(words[0]): "))
            }
        }
    }

    @Test func anythingElseIsRefusedInOneLine() throws {
        try withLauncher { launcher in
            launcher.wrapper = Launcher.withoutProc
            for words in [
                ["up"], ["up", "--"], ["up", "--check", "--", "true"], ["tensorboard", "--", "true"], ["--version"], [],
                ["supervisor", "--", "true"],
            ] {
                try launcher.startCommand(words)
                #expect(try launcher.end() == .exited(78))
                #expect(
                    launcher.errors.text
                        == "crater-run: error: cannot run: there is no /proc (mount -t proc proc /proc)\n")
            }
        }
    }
}

extension Launcher {
    /// Takes /proc away from the command that follows.
    static let withoutProc = ["unshare", "--mount", "sh", "-c", #"umount -l /proc && exec "$@""#, "sh"]
}
