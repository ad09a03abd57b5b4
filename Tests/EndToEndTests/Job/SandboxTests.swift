import CraterRunCore
import CraterRunLinux
import Foundation
import Glibc
import Testing

/// A host that refuses system calls, as old seccomp profiles refuse those that they do not know (Docker's before 20.10.10
/// answers clone3 with EPERM).
@Suite(.timeLimit(TestTime.limit))
struct SandboxTests {
    private static let refused: [[String]] = [
        ["clone3=EPERM"], ["clone3=ENOSYS"], ["close_range=EPERM"], ["close_range=ENOSYS", "clone3=EPERM"],
        ["pidfd_open=EPERM"], ["pidfd_open=ENOSYS", "pidfd_send_signal=ENOSYS"], ["signalfd4=EPERM"],
        ["signalfd4=ENOSYS"], ["timerfd_create=EPERM"], ["eventfd2=EPERM"], ["eventfd2=ENOSYS"],
        ["epoll_create1=EPERM"], ["epoll_create1=ENOSYS"], ["epoll_ctl=EPERM"], ["inotify_init1=EPERM"],
        ["inotify_init1=ENOSYS"], ["inotify_add_watch=EPERM"], ["pipe2=EPERM"], ["setpgid=EPERM"], ["setsid=EPERM"],
        ["prctl=EPERM"], ["waitid=EPERM"], ["waitid=ENOSYS"], ["socket=EPERM"], ["getdents64=EPERM"],
        ["getrandom=ENOSYS"], ["faccessat2=EPERM"], ["fchmodat2=EPERM"], SandboxTests.noFork,
    ]

    /// No process at all, whatever it is asked by.
    private static let noFork = ["clone3=EPERM", "clone=EPERM", "fork=EPERM", "vfork=EPERM"]

    private func withSandbox(
        _ mode: Mode, _ refused: [String], fake: Launcher.Fake = .state, _ body: (Launcher) throws -> Void
    ) throws {
        try withLauncher(mode, fake: fake) { launcher in
            try launcher.install(.refuse, as: "refuse")
            launcher.wrapper = ["\(launcher.bin)/refuse"] + refused + ["--"]
            launcher.podInfo.removeRule("notebook")
            try body(launcher)
        }
    }

    /// As it does without crater-run.
    @Test(arguments: Mode.available, refused)
    func theJobRunsWhateverIsRefused(mode: Mode, refused: [String]) throws {
        try withSandbox(mode, refused) { launcher in
            try launcher.startJob("tensorboard")
            let launch = try launcher.launch()
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(Set(launch.descriptors.keys) == [0, 1, 2])
            #expect(launch.workingDirectory == launcher.work)
            #expect(HostProcesses.signals("SigBlk", in: launch.status) == [])
            #expect(HostProcesses.signals("SigIgn", in: launch.status) == [])
            #expect(!launch.isSubreaper)
        }
    }

    /// It becomes the job: nothing of crater-run's own may be left to that.
    @Test(arguments: Mode.available)
    func theJobIsAsWithoutUsWhereThereIsNoProcessForIt(mode: Mode) throws {
        try withSandbox(mode, Self.noFork) { launcher in
            launcher.blocked = [SIGUSR2, 40]
            let directory = Glibc.open("/", O_RDONLY | O_CLOEXEC)
            defer { close(directory) }
            launcher.streams = [3: .descriptor(directory)]
            let wrapper = launcher.wrapper
            launcher.ignoring([SIGHUP, SIGCHLD])
            launcher.wrapper += ["/usr/bin/env", "--"] + wrapper
            try launcher.startJob("tensorboard")
            let launch = try launcher.launch()
            #expect(launcher.hostPID(of: launch.pid) == launcher.pid)
            #expect(try SmallFile.read("/proc/\(launcher.pid)/comm") == Array("tensorboard\n".utf8))
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            try launcher.line(
                "error: cannot start the job beside crater-run", "fork: Operation not permitted", "running it alone")
            #expect(HostProcesses.signals("SigBlk", in: launch.status) == [SIGUSR2, 40])
            #expect(HostProcesses.signals("SigIgn", in: launch.status) == [SIGHUP, SIGCHLD])
            #expect(HostProcesses.signals("SigCgt", in: launch.status) == [])
            #expect(Set(launch.descriptors.keys) == [0, 1, 2, 3])
            #expect(launch.workingDirectory == launcher.work)
            #expect(!launch.isSubreaper)
        }
    }

    /// A subreaper before it was crater-run.
    @Test func theJobStaysASubreaperIfItWasOneBeforeUs() throws {
        try withSandbox(.subreaper, Self.noFork) { launcher in
            let program = "import ctypes, os, sys; ctypes.CDLL(None).prctl(36, 1); os.execv(sys.argv[1], sys.argv[1:])"
            launcher.wrapper = [Shell.python, "-S", "-c", program] + launcher.wrapper
            try launcher.startJob("tensorboard")
            let launch = try launcher.launch()
            try launcher.open(gate: "go")
            #expect(try launcher.end() == .exited(0))
            #expect(launch.isSubreaper)
        }
    }

    @Test(
        arguments: Mode.available,
        [["clone3=EPERM"], ["clone3=ENOSYS"], ["close_range=EPERM"], ["pidfd_open=EPERM"], ["faccessat2=EPERM"]])
    func theAppsAreServedAllTheSame(mode: Mode, refused: [String]) throws {
        try withSandbox(mode, refused, fake: .standalone) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            let job = try launcher.jobPID()
            try launcher.waitUntilReady()
            try launcher.outputLine("[tensorboard] serving")
            #expect(HTTP.get("\(launcher.prefix)data/environment", port: launcher.port)?.status == 200)
            let apps = launcher.living().filter { $0.name == "tensorboard" }
            #expect(apps.count == 1)
            for app in apps {
                #expect(Directory.names(in: "/proc/\(app.identity.pid)/fd")?.count == 4, "0 to 2 and its socket")
            }
            try launcher.finishJob(code: 9)
            #expect(try launcher.end() == .exited(9))
            #expect(!launcher.errors.text.contains("starting it again"), "\(launcher.log)")
            #expect(!launcher.errors.text.contains("no directory for the control socket"), "\(launcher.log)")
            #expect(launcher.leftovers() == [])
            #expect(job > 0)
        }
    }

    /// The static program has threads by clone(2); the one that is built for tests goes without, and so without probes.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["CRATER_RUN_TEST_BINARY"] != nil || Mode.isOnCI,
            "the static program is not tested here: make test builds it and sets CRATER_RUN_TEST_BINARY"))
    func probesAreAnsweredWhereTheProgramIsStatic() throws {
        try withSandbox(.subreaper, ["clone3=EPERM"], fake: .standalone) { launcher in
            try launcher.startUp(["--app", "tensorboard"])
            try launcher.waitUntilReady()
            #expect(HTTP.get("/readyz", port: launcher.healthPort)?.status == 200)
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
        }
    }
}
