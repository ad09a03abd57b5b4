import Glibc
import Testing

/// crater-run's exit code when its app ends, or never begins.
@Suite(.timeLimit(TestTime.limit))
struct ExitStatusTests {
    @Test(arguments: Mode.available, [0, 1, 2, 3, 42, 64, 78, 125, 126, 127, 128, 129, 137, 143, 254, 255] as [Int32])
    func isTheAppsOwn(mode: Mode, code: Int32) throws {
        try withLauncher(mode, fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = "exit \(code)"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(code))
            #expect(launcher.errors.text.contains("tensorboard: exited with code \(code) after"))
        }
    }

    /// Every signal that ends a process.
    private static let fatal: [Int32] = [
        SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE,
        SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS, 34, 50, 64,
    ]

    @Test(arguments: Mode.available, fatal)
    func is128AndTheSignalThatKilledTheApp(mode: Mode, signal: Int32) throws {
        try withLauncher(mode, fake: .script) { launcher in
            launcher.environment["FAKE_SCRIPT"] = "ulimit -c 0; kill -\(signal) $$"
            try launcher.start("--restart", "never")
            #expect(try launcher.end() == .exited(128 + signal))
            #expect(launcher.errors.text.contains("tensorboard: was killed by SIG"))
        }
    }

    @Test func isZeroByHandWhenTheAppEndsWell() throws {
        try withLauncher { launcher in
            launcher.environment["FAKE_DO"] = "exit:0"
            try launcher.start()
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.launches.count == 1)
        }
    }

    /// A program that cannot be started.
    struct Unstartable: CustomTestStringConvertible {
        let name: String
        /// Makes it at `$1`.
        let make: String
        let code: Int32
        let reason: String

        var testDescription: String { name }
    }

    private static let unstartable = [
        Unstartable(name: "missing", make: "", code: 127, reason: "there is no such program"),
        Unstartable(name: "below a file", make: "echo >${1%/*}; ", code: 127, reason: "there is no such program"),
        Unstartable(name: "dangling link", make: "ln -s nowhere $1", code: 127, reason: "there is no such program"),
        Unstartable(name: "not executable", make: "echo '#!/bin/sh' >$1", code: 126, reason: "Permission denied"),
        Unstartable(name: "a directory", make: "mkdir $1", code: 126, reason: "it is not a file"),
        Unstartable(name: "a socket's kind", make: "mkfifo $1; chmod +x $1", code: 126, reason: "it is not a file"),
        Unstartable(
            name: "no program", make: "printf '\\177ELF garbage' >$1; chmod +x $1", code: 126,
            reason: "neither a program nor a script"),
        Unstartable(
            name: "missing interpreter",
            make: "echo '#!/no/such/interpreter' >$1; chmod +x $1",
            code: 127,
            reason: "interpreter"
        ),
        Unstartable(
            name: "missing loader",
            make: "echo 'int main(void) { return 0; }' | gcc -x c - -o $1 -Wl,--dynamic-linker=/no/such/loader",
            code: 127,
            reason: "interpreter"
        ),
    ]

    @Test(arguments: Mode.available, unstartable)
    func saysThatTheAppCannotBeStarted(mode: Mode, program: Unstartable) throws {
        try withLauncher(mode) { launcher in
            try Shell.run("mkdir $1", "\(launcher.root)/apps")
            let path = "\(launcher.root)/apps/\(program.name == "below a file" ? "file/" : "")app"
            try Shell.run(program.make, path)
            // Nothing will mend it, so not even `always` tries again.
            try launcher.start("--executable", path, "--restart", "always")
            #expect(try launcher.end() == .exited(program.code))
            #expect(launcher.errors.text.contains("cannot start tensorboard: "), "\(launcher.log)")
            #expect(launcher.errors.text.contains(program.reason), "\(launcher.log)")
            #expect(launcher.errors.text.contains(path), "\(launcher.log)")
        }
    }

    @Test func namesThePlacesWhereAProgramWasLookedFor() throws {
        try withLauncher { launcher in
            try launcher.start("--executable", "no-such-tensorboard", "--log-level", "debug")
            #expect(try launcher.end() == .exited(127))
            #expect(
                launcher.errors.text.contains("there is no program no-such-tensorboard in any of "), "\(launcher.log)")
            for place in [launcher.bin, "/opt/conda/envs/envd/bin", "/opt/conda/bin", "/usr/local/bin"] {
                #expect(launcher.errors.text.contains("\(place)/no-such-tensorboard"))
            }
        }
    }

    @Test func findsAProgramByTheNameThatIsGiven() throws {
        try withLauncher { launcher in
            try launcher.install(.tensorboard, as: "my-tensorboard")
            launcher.environment["FAKE_DO"] = "exit:0"
            try launcher.start("--executable", "my-tensorboard")
            #expect(try launcher.end() == .exited(0))
            #expect(try launcher.launch().arguments.first == "\(launcher.bin)/my-tensorboard")
        }
    }
}
