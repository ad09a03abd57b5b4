import CraterRunLinux
import Glibc
import Testing

/// crater-run's exit code when its job ends, or never begins.
@Suite(.timeLimit(TestTime.limit))
struct JobExitStatusTests {
    @Test(arguments: Mode.available)
    func isTheJobsOwn(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            // All of them in one place; the other adds nothing but the time that its wrapper takes.
            for code in mode == .subreaper
                ? Array(0...255) : [0, 1, 2, 42, 126, 127, 128, 137, 143, 254, 255] as [Int32]
            {
                try launcher.startScript("exit \(code)")
                #expect(try launcher.end() == .exited(code))
            }
            #expect(launcher.leftovers() == [])
        }
    }

    /// Every signal that ends a process.
    private static let fatal: [Int32] = [
        SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2, SIGPIPE,
        SIGALRM, SIGTERM, SIGSTKFLT, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSYS, 34, 50, 64,
    ]

    @Test(arguments: Mode.available)
    func is128AndTheSignalThatKilledTheJob(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            for signal in Self.fatal {
                try launcher.startScript("ulimit -c 0; kill -\(signal) $$")
                #expect(try launcher.end() == .exited(128 + signal))
            }
        }
    }

    /// A job that cannot be started.
    struct Unstartable: CustomTestStringConvertible {
        let name: String
        /// Makes it at `$1`.
        let make: String
        let code: Int32
        let reason: String

        var testDescription: String { name }
    }

    private static let unstartable = [
        Unstartable(name: "missing", make: "", code: 127, reason: "No such file or directory"),
        Unstartable(name: "not executable", make: "echo '#!/bin/sh' >$1", code: 126, reason: "Permission denied"),
        Unstartable(name: "a directory", make: "mkdir $1", code: 126, reason: "Permission denied"),
        Unstartable(
            name: "half a program", make: "head -c 40 /bin/true >$1; chmod +x $1", code: 126,
            reason: "Exec format error"),
        // Whatever a shell would make of it.
        Unstartable(
            name: "another kind of binary",
            make: #"printf '\312\376\272\276\0\0\0\064\n' >$1; chmod +x $1"#,
            code: 126,
            reason: "Exec format error"
        ),
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
    func saysThatTheJobCannotBeStarted(mode: Mode, program: Unstartable) throws {
        try withLauncher(mode) { launcher in
            let path = "\(launcher.root)/job"
            try Shell.run(program.make, path)
            try launcher.startJob(path, "with", "arguments")
            #expect(try launcher.end() == .exited(program.code))
            let lines = launcher.errors.lines.filter { $0.hasPrefix("crater-run: error: cannot start the job: ") }
            #expect(lines.count == 1, "\(launcher.log)")
            #expect(lines.first?.contains(path) == true)
            #expect(lines.first?.contains(program.reason) == true, "\(launcher.log)")
            #expect(launcher.leftovers() == [])
            // The check knows it before.
            try launcher.startJob(path, options: ["--check"])
            #expect(try launcher.end() == .exited(program.code), "\(launcher.log)")
        }
    }

    /// As execvp(3) and every shell have it.
    @Test(arguments: Mode.available)
    func aScriptWithoutAnInterpreterIsRunByTheShell(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let script = #"echo "$0|$1|$2|$#"; exit 43"#
            try Shell.run(#"printf '%s\n' "$2" >"$1"; chmod +x "$1""#, "\(launcher.bin)/my-job", script)
            for name in ["my-job", "\(launcher.bin)/my-job", "../bin/my-job"] {
                try launcher.startJob(name, "a b", "")
                #expect(try launcher.end() == .exited(43))
                let path = name == "my-job" ? "\(launcher.bin)/my-job" : name
                #expect(launcher.output.lines.first == "\(path)|a b||2")
            }
            try Shell.run(#": >"$1"; chmod +x "$1""#, "\(launcher.bin)/empty")
            for options in [[], ["--check"]] {
                try launcher.startJob("empty", options: options)
                #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            }
            try launcher.startJob("my-job", options: ["--check"])
            #expect(try launcher.end() == .exited(0), "\(launcher.log)")
            try launcher.outputLine("job: \(launcher.bin)/my-job")
            // What cannot be read cannot be told from a binary, nor run by a shell.
            if getuid() != 0 {
                try Shell.run(#"chmod 111 "$1""#, "\(launcher.bin)/my-job")
                try launcher.startJob("my-job")
                #expect(try launcher.end() == .exited(126))
            }
        }
    }

    @Test func looksForTheJobOnPATH() throws {
        try withLauncher { launcher in
            try launcher.startJob("no-such-job")
            #expect(try launcher.end() == .exited(127))
            #expect(launcher.errors.text.contains("there is no no-such-job on PATH"))
            // Whatever cannot be executed is passed over, as execvp(3) does it.
            try Shell.run("mkdir -p $1/first $1/second; echo exit 1 >$1/first/my-job", launcher.root)
            try Shell.run("printf '#!/bin/sh\\nexit 42\\n' >$1/second/my-job; chmod +x $1/second/my-job", launcher.root)
            launcher.environment["PATH"] = "\(launcher.root)/first:\(launcher.root)/second:/usr/bin:/bin"
            try launcher.startJob("my-job")
            #expect(try launcher.end() == .exited(42))
            // An empty entry is the working directory.
            try Shell.run("printf '#!/bin/sh\\nexit 41\\n' >$1/here; chmod +x $1/here", launcher.work)
            launcher.environment["PATH"] = "/usr/bin:/bin::/none"
            try launcher.startJob("here")
            #expect(try launcher.end() == .exited(41))
            // Nothing but one that is denied.
            launcher.environment["PATH"] = "\(launcher.root)/first:/usr/bin:/bin"
            try launcher.startJob("my-job")
            #expect(try launcher.end() == .exited(126))
        }
    }

    /// Somebody still writes the file.
    @Test(arguments: Mode.available)
    func waitsForAProgramThatIsBusy(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let path = "\(launcher.root)/job"
            try Shell.run("cp /bin/true $1", path)
            let writer = open(path, O_WRONLY | O_CLOEXEC)
            try #require(writer != -1)
            try launcher.startJob(path)
            try launcher.line("warning: cannot start the job: ", "Text file busy", "trying again in")
            close(writer)
            #expect(try launcher.end() == .exited(0))
        }
    }

    @Test(arguments: Mode.available)
    func isTheSignalsWhileTheJobCannotBeStarted(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let path = "\(launcher.root)/job"
            try Shell.run("cp /bin/true $1", path)
            let writer = open(path, O_WRONLY | O_CLOEXEC)
            try #require(writer != -1)
            defer { close(writer) }
            try launcher.startJob(path)
            try launcher.line("trying again in")
            #expect(try launcher.stop() == .exited(128 + SIGTERM))
        }
    }

    /// Its first process ends and other threads go on: that is no end.
    @Test(arguments: Mode.available)
    func aStoppedJobHasNotEnded(mode: Mode) throws {
        try withLauncher(mode) { launcher in
            let job = try launcher.startSignals([SIGUSR1: 7])
            for _ in 0..<5 {
                kill(job, SIGSTOP)
                try launcher.wait(until: "the job to stop") { HostProcesses.state(of: job) == "T" }
                kill(job, SIGCONT)
                try launcher.wait(until: "the job to go on") { HostProcesses.state(of: job) != "T" }
            }
            launcher.send(SIGUSR1)
            #expect(try launcher.end() == .exited(7))
        }
    }
}
