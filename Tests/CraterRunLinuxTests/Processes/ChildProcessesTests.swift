import CLinux
import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ChildProcessesTests {
    @Test func aChildLeadsASessionAndAGroupOfItsOwn() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawnShell("exec sleep 1000")
            let row = try #require(ProcessTable.row(of: pid))
            #expect(row.group == pid)
            #expect(row.session == pid)
            #expect(row.parent == getpid())
            #expect(children.started == [pid])
            kill(pid, SIGKILL)
            #expect(children.end(of: pid) == .signaled(.kill))
            #expect(children.started.isEmpty)
        }
    }

    @Test func aChildHasDescriptors0To2AndNoOther() async throws {
        try await OwnProcess.run {
            // Of ours without close-on-exec, low and high.
            let low = dup(2)
            let high = dup2(2, 900)
            var children = ChildProcesses(inherited: .none)
            let pipe = try TestPipe()
            // A program that is still loading has its libraries open; this one says when it is not.
            let pid = try children.spawnShell("sleep 1000 & echo ready; wait", output: pipe.writeEnd)
            #expect(text(Wait.readToEnd(pipe.readEnd, enough: 6)) == "ready\n")
            #expect(Directory.names(in: "/proc/\(pid)/fd")?.sorted() == ["0", "1", "2"])
            kill(-pid, SIGKILL)
            _ = children.end(of: pid)
            #expect(clinux_descriptor_flags(low) == 0)
            #expect(clinux_descriptor_flags(high) == 0)
        }
    }

    @Test func argumentsAndEnvironmentArriveByteForByte() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let words = ["", " a  b ", "'\"\\$x\n\t", "日本語 👍🏽", "--", "=x", String(repeating: "長", count: 30_000)]
            let shell = try Tool.path("sh")
            let (status, output) = try children.run(
                [shell, "-c", #"cat /proc/$$/cmdline"#, "name"] + words)
            #expect(status == .exited(code: 0))
            let given = [shell, "-c", #"cat /proc/$$/cmdline"#, "name"] + words
            #expect(output == given.flatMap { Array($0.utf8) + [0] })

            // Not UTF-8, no `=`, empty, twice, empty name: passed on as they are.
            let environment: [[UInt8]] = [
                Array("A=1".utf8), [0x42, 0x3D, 0xFF, 0xFE, 0x0A, 0x80], Array("NOEQUALS".utf8), [], Array("A=2".utf8),
                Array("=x".utf8), Array("E=".utf8),
            ]
            let (_, seen) = try children.run(
                [try Tool.path("cat"), "/proc/self/environ"], environment: environment)
            #expect(seen == environment.flatMap { $0 + [0] })
        }
    }

    @Test func refusalsKeepTheirNumbers() async throws {
        try await OwnProcess.run {
            let directory = try TemporaryDirectory()
            try Files.write("#!/does/not/exist\n", to: directory("interpreter"), mode: 0o755)
            try Files.write("#!/bin/sh\n", to: directory("plain"), mode: 0o644)
            try Files.write([0x7F] + Array("ELF".utf8), to: directory("truncated"), mode: 0o755)
            try Files.link(directory("loop"), to: "loop")
            try Files.script("exit 0", at: directory("busy"))
            let writer = clinux_open(directory("busy"), O_WRONLY | O_CLOEXEC, 0)
            defer { close(writer) }
            let before = openDescriptors()
            for (name, number) in [
                ("none", ENOENT), ("interpreter", ENOENT), ("plain", EACCES), (".", EACCES),
                ("truncated", ENOEXEC), ("plain/below", ENOTDIR), ("loop", ELOOP), ("busy", ETXTBSY),
            ] {
                var children = ChildProcesses(inherited: .none)
                let path = directory(name)
                #expect(throws: SystemCallError(call: "execve", subject: path, number: number), "\(name)") {
                    try children.spawn([path])
                }
                #expect(children.started.isEmpty)
            }
            var children = ChildProcesses(inherited: .none)
            let shell = try Tool.path("sh")
            // One string may have 128 KiB.
            let long = String(repeating: "x", count: 200_000)
            #expect(throws: SystemCallError(call: "execve", subject: shell, number: E2BIG)) {
                try children.spawn([shell, long])
            }
            #expect(throws: SystemCallError(call: "execve", number: ENOENT)) { try children.spawn([]) }
            // Nothing is left of those that failed.
            #expect(children.peek() == nil)
            #expect(openDescriptors() == before)
        }
    }

    /// As execvp(3) and every shell have it.
    @Test func aScriptWithoutAnInterpreterIsRunByTheShell() async throws {
        try await OwnProcess.run {
            let directory = try TemporaryDirectory()
            try Files.write("echo \"$0|$1|$2|$#\"\n", to: directory("script"), mode: 0o755)
            try Files.write("", to: directory("empty"), mode: 0o755)
            try Files.write("no program\u{0}\n", to: directory("binary"), mode: 0o755)
            try Files.write("echo text # and then\n\u{0}\n", to: directory("archive"), mode: 0o755)
            var children = ChildProcesses(inherited: .none)
            #expect(
                try children.run([directory("script"), "a b", ""]).output
                    == Array("\(directory("script"))|a b||2\n".utf8))
            #expect(try children.run([directory("script")]).output == Array("\(directory("script"))|||0\n".utf8))
            #expect(try children.run([directory("empty")]).status == .exited(code: 0))
            #expect(try children.run([directory("archive")]).output.starts(with: "text\n".utf8))
            #expect(throws: SystemCallError(call: "execve", subject: directory("binary"), number: ENOEXEC)) {
                try children.spawn([directory("binary")])
            }
            // By a name that is looked for; the words are the job's.
            setenv("PATH", "/none:\(directory("script")):\(directory.path)", 1)
            let pipe = try TestPipe()
            #expect(dup2(pipe.writeEnd, 1) == 1)
            let pid = try children.spawn(
                SpawnRequest(command: ["script", "x"].map { Array($0.utf8) }, terminal: nil))
            #expect(
                text(Wait.readToEnd(pipe.readEnd, enough: directory("script").utf8.count + 6))
                    == "\(directory("script"))|x||1\n")
            #expect(children.end(of: pid) == .exited(code: 0))
        }
    }

    // MARK: - The moment between fork and exec

    @Test func beginningDoesNotWaitAndTheReportTells() async throws {
        try await OwnProcess.run {
            let before = openDescriptors()
            var children = ChildProcesses(inherited: .none)
            func begin(_ words: [String], in directory: String? = nil) throws -> Spawning {
                try children.begin(
                    SpawnRequest(
                        arguments: words, environment: [], standardDescriptors: (0, 1, 2), directory: directory))
            }
            let spawning = try begin([try Tool.path("sleep"), "1000"])
            #expect(clinux_descriptor_flags(spawning.report) == FD_CLOEXEC)
            #expect(Wait.untilReadable(spawning.report))
            guard case .success = ChildProcesses.outcome(of: spawning.report) else {
                Issue.record("it is said not to have been executed")
                return
            }
            kill(spawning.pid, SIGKILL)
            #expect(children.end(of: spawning.pid) == .signaled(.kill))
            close(spawning.report)

            let long = "/" + String(repeating: "x/", count: 2500)
            for (words, directory, error) in [
                (["/none"], nil, SystemCallError(call: "execve", subject: "/none", number: ENOENT)),
                (["/bin/sh"], "/none", SystemCallError(call: "chdir", subject: "/none", number: ENOENT)),
                // Cut to what a pipe takes at once.
                (
                    [long], nil,
                    SystemCallError(call: "execve", subject: String(long.prefix(4088)), number: ENAMETOOLONG)
                ),
            ] as [([String], String?, SystemCallError)] {
                let spawning = try begin(words, in: directory)
                #expect(Wait.untilReadable(spawning.report))
                guard case .failure(error) = ChildProcesses.outcome(of: spawning.report) else {
                    Issue.record("\(words) is said to have been executed")
                    return
                }
                close(spawning.report)
                // It is a child like any other that ends, for whoever reaps.
                #expect(children.started == [spawning.pid])
                #expect(children.end(of: spawning.pid) == .exited(code: 127))
                #expect(children.started.isEmpty)
            }
            #expect(openDescriptors() == before)
        }
    }

    /// What is not known yet is nothing, and no end.
    @Test func aReportThatIsNotThereYetTellsNothing() throws {
        let pipe = try TestPipe(isNonblocking: true)
        #expect(ChildProcesses.outcome(of: pipe.readEnd).map { _ in true } == nil)
        pipe.closeWriteEnd()
        #expect(ChildProcesses.outcome(of: pipe.readEnd).map { _ in true } == true)
        pipe.closeReadEnd()
    }

    @Test func descriptorsArePassedAtTheirNumbersAlone() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let directory = try TemporaryDirectory()
            // Each tells by its content which one it is.
            func file(_ name: String) throws -> Int32 {
                try Files.write(name, to: directory(name))
                return clinux_open(directory(name), O_RDONLY | O_CLOEXEC, 0)
            }
            let (a, b, c) = (try file("a"), try file("b"), try file("c"))
            func seen(_ passed: [(source: Int32, target: Int32)]) throws -> String {
                let pipe = try TestPipe()
                defer { pipe.closeReadEnd() }
                // Without anything that takes a descriptor of the shell's own.
                let numbers = (3...40).map { "\($0)" }.joined(separator: " ")
                let script =
                    "for n in \(numbers); do if [ -e /proc/$$/fd/$n ]; then printf \"$n \"; cat /proc/$$/fd/$n; echo; fi; done"
                let pid = try children.spawn(
                    SpawnRequest(
                        arguments: ["/bin/sh", "-c", script],
                        environment: ProcessEnvironment.entries(),
                        standardDescriptors: (0, pipe.writeEnd, 2),
                        passed: passed
                    ))
                pipe.closeWriteEnd()
                defer { _ = children.end(of: pid) }
                return text(Wait.readToEnd(pipe.readEnd)).split(separator: "\n").joined(separator: ", ")
            }
            #expect(try seen([]) == "")
            #expect(try seen([(a, 3), (b, 4)]) == "3 a, 4 b")
            #expect(try seen([(a, 9), (b, 5), (c, 7)]) == "5 b, 7 c, 9 a")
            // Each other's numbers, their own, one for two.
            #expect(
                try seen([(a, b), (b, c), (c, a)])
                    == [(a, "c"), (b, "a"), (c, "b")].map { "\($0) \($1)" }.joined(separator: ", "))
            #expect(try seen([(a, a), (a, c)]) == "\(a) a, \(c) a")
            // Those that the report has, and would have next.
            for number in c + 1...c + 6 { #expect(try seen([(a, number)]) == "\(number) a") }
            // The standard ones among each other: what was 2 is 0 now, and the other way round.
            let pipe = try TestPipe()
            let pid = try children.spawn(
                SpawnRequest(
                    arguments: [try Tool.path("sh"), "-c", "cat <&2; echo done >&0"],
                    environment: ProcessEnvironment.entries(),
                    standardDescriptors: (pipe.writeEnd, pipe.writeEnd, a)
                ))
            pipe.closeWriteEnd()
            #expect(text(Wait.readToEnd(pipe.readEnd)) == "adone\n")
            #expect(children.end(of: pid) == .exited(code: 0))
            for descriptor in [a, b, c] { #expect(clinux_descriptor_flags(descriptor) == FD_CLOEXEC) }
            // One that is closed.
            #expect(throws: SystemCallError(call: "dup2", number: EBADF)) { _ = try seen([(900, 3)]) }
            #expect(throws: SystemCallError(call: "dup2", number: EBADF)) { _ = try seen([(900, 900)]) }
        }
    }

    @Test func theScoreIsTheChildsAlone() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let own = try SmallFile.read("/proc/self/oom_score_adj")
            let pipe = try TestPipe()
            let pid = try children.spawn(
                SpawnRequest(
                    arguments: [try Tool.path("cat"), "/proc/self/oom_score_adj"],
                    environment: [],
                    standardDescriptors: (0, pipe.writeEnd, 2),
                    outOfMemoryScore: 1000
                ))
            pipe.closeWriteEnd()
            #expect(text(Wait.readToEnd(pipe.readEnd)) == "1000\n")
            #expect(children.end(of: pid) == .exited(code: 0))
            #expect(try SmallFile.read("/proc/self/oom_score_adj") == own)
        }
    }

    /// Another thread may hold any lock in the moment of the fork.
    @Test func threadsThatAllocateDoNotGetInTheWay() async throws {
        try await OwnProcess.run {
            let load = Load()
            for _ in 0..<3 { load.begin() }
            var children = ChildProcesses(inherited: .none)
            for _ in 0..<300 {
                let request = SpawnRequest(
                    arguments: ["/bin/sh", "-c", "exit 7"], environment: [], standardDescriptors: (0, 1, 2))
                let pid = try children.spawn(request)
                #expect(children.end(of: pid) == .exited(code: 7))
            }
            load.end()
        }
    }

    private final class Load: Sendable {
        private let isDone = Atomic(false)

        func begin() {
            onThread { [self] in
                while !isDone.load(ordering: .relaxed) {
                    setenv("CRATER_RUN_TEST_LOCK", String(repeating: "x", count: Int.random(in: 1...10_000)), 1)
                }
            }
        }

        func end() { isDone.store(true, ordering: .relaxed) }
    }

    @Test func ourOwnMaskStaysAsItIs() async throws {
        try await OwnProcess.run {
            var mask = sigset_t()
            for signal: Int32 in [SIGUSR1, 40] { clinux_sigset_add(&mask, signal) }
            _ = clinux_set_mask(&mask)
            var children = ChildProcesses(inherited: .none)
            let (status, _) = try children.run(["/bin/sh", "-c", "exit 7"])
            #expect(status == .exited(code: 7))
            #expect(throws: SystemCallError.self) { try children.spawn(["/none"]) }
            var now = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &now)
            #expect((1...64).filter { sigismember(&now, $0) == 1 } == [SIGUSR1, 40])
        }
    }

    @Test func exitCodesArriveExactly() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            var expected: [Int32: ExitStatus] = [:]
            for code: Int32 in 0...255 { expected[try children.spawnShell("exit \(code)")] = .exited(code: code) }
            var seen: [Int32: ExitStatus] = [:]
            #expect(Wait.until { collect(&children, into: &seen) == 256 })
            #expect(seen == expected)
        }
    }

    @Test func everyFatalSignalArrivesExactly() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let harmless: Set<Int32> = [
                SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH,
            ]
            var expected: [Int32: ExitStatus] = [:]
            // A core file would only be in the way.
            var limit = rlimit(rlim_cur: 0, rlim_max: 0)
            setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
            for signal: Int32 in 1...64 where !harmless.contains(signal) {
                let pid = try children.spawn([try Tool.path("sleep"), "1000"])
                kill(pid, signal)
                expected[pid] = .signaled(Signal(number: signal))
            }
            var seen: [Int32: ExitStatus] = [:]
            let count = expected.count
            #expect(Wait.until { collect(&children, into: &seen) == count })
            #expect(seen == expected)
        }
    }

    @Test func aChildThatEndedKeepsItsPidAndGroupUntilItIsReaped() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let pipe = try TestPipe()
            // The leader ends; its child stays in the group and keeps the pipe open.
            let pid = try children.spawnShell("sleep 1000 & exit 3", output: pipe.writeEnd)
            pipe.closeWriteEnd()
            #expect(children.waitForEnd(of: pid))
            for _ in 1...3 {
                let peeked = try #require(children.peek())
                #expect(peeked.pid == pid)
                #expect(peeked.status == .exited(code: 3))
            }
            #expect(ProcessTable.row(of: pid)?.isZombie == true)
            #expect(kill(-pid, SIGKILL) == 0)
            #expect(Wait.readToEnd(pipe.readEnd).isEmpty)
            children.reap(pid)
            #expect(children.peek() == nil)
            #expect(kill(pid, 0) == -1)
            #expect(errno == ESRCH)
            // Reaping what is not there harms nothing.
            children.reap(pid)
        }
    }

    @Test func stoppedAndContinuedChildrenAreNoExits() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawn([try Tool.path("sleep"), "1000"])
            for (signal, state) in [(SIGSTOP, "T"), (SIGCONT, "S")] {
                kill(pid, signal)
                let isThere = try Wait.until {
                    statusField("State", in: try SmallFile.read("/proc/\(pid)/status"))?.hasPrefix(state) == true
                }
                #expect(isThere)
                #expect(children.peek() == nil)
            }
            kill(pid, SIGKILL)
            #expect(children.end(of: pid) == .signaled(.kill))
        }
    }

    @Test(.enabled(if: Host.isCI || Tool.find("python3") != nil))
    func aThreadGroupLeaderThatEndsFirstIsNoExit() async throws {
        try await OwnProcess.run {
            let python = try Tool.path("python3")
            var children = ChildProcesses(inherited: .none)
            let pipe = try TestPipe()
            let script = """
                import ctypes, os, sys, threading
                def rest():
                    state = lambda: open(f"/proc/self/task/{os.getpid()}/stat").read().rsplit(")")[1].split()[0]
                    while state() != "Z": pass
                    os.write(1, b"leader gone\\n")
                    os.read(0, 1)
                    os._exit(9)
                threading.Thread(target=rest).start()
                ctypes.CDLL(None).pthread_exit(None)
                """
            let input = try TestPipe()
            let pid = try children.spawn(
                SpawnRequest(
                    arguments: [python, "-c", script],
                    environment: ProcessEnvironment.entries(),
                    standardDescriptors: (input.readEnd, pipe.writeEnd, 2)
                )
            )
            #expect(text(Wait.readToEnd(pipe.readEnd, enough: 12)) == "leader gone\n")
            #expect(children.peek() == nil)
            input.closeWriteEnd()
            #expect(children.end(of: pid) == .exited(code: 9))
        }
    }

    // MARK: - Orphans

    @Test func tenThousandOrphansAreReapedByASubreaper() async throws {
        try await OwnProcess.run {
            try systemCall("prctl") { clinux_set_subreaper(1) }
            try reapTenThousandOrphans()
        }
    }

    @Test(.enabled(if: Host.canUnshare)) func tenThousandOrphansAreReapedByProcessOne() async throws {
        try await OwnProcess.run(behind: ["unshare", "--pid", "--fork", "--mount-proc"]) {
            #expect(ThisProcess.isProcessOne)
            try reapTenThousandOrphans()
        }
    }

    @Test func anOrphanAndAChildOfOursAreToldApart() async throws {
        try await OwnProcess.run {
            try systemCall("prctl") { clinux_set_subreaper(1) }
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawnShell("(sleep 1000 & echo $! >&2); exit 4", output: 2)
            #expect(children.end(of: pid) == .exited(code: 4))
            let orphan = try #require(ProcessTable.rows().first { $0.parent == getpid() && $0.session == pid })
            #expect(children.started.isEmpty)
            kill(orphan.identity.pid, SIGTERM)
            #expect(children.waitForEnd(of: orphan.identity.pid))
            let peeked = try #require(children.peek())
            #expect(peeked.pid == orphan.identity.pid)
            #expect(peeked.status == .signaled(.terminate))
            children.reap(peeked.pid)
            #expect(children.peek() == nil)
        }
    }
}

/// Reaps whatever has ended, and counts everything that has so far.
private func collect(_ children: inout ChildProcesses, into seen: inout [Int32: ExitStatus]) -> Int {
    while let (pid, status) = children.peek() {
        seen[pid] = status
        children.reap(pid)
    }
    return seen.count
}

/// A shell makes 10,000 grandchildren that outlive their parents, then ends with a code of its own.
private func reapTenThousandOrphans() throws {
    var children = ChildProcesses(inherited: .none)
    let pid = try children.spawnShell("i=0; while [ $i -lt 10000 ]; do (: & exit 1); i=$((i+1)); done; exit 42")
    var orphans = 0
    var own: ExitStatus?
    let isDone = Wait.until {
        while let (ended, status) = children.peek() {
            if ended == pid { own = status } else { orphans += 1 }
            children.reap(ended)
        }
        return own != nil && orphans == 10_000
    }
    #expect(isDone, "\(orphans) orphans")
    #expect(own == .exited(code: 42))
    #expect(!ProcessTable.rows().contains { $0.parent == getpid() })
}
