import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ProcessTableTests {
    @Test func rowsShowOurselvesAndOurParent() throws {
        let rows = ProcessTable.rows()
        let own = try #require(rows.first { $0.identity.pid == getpid() })
        #expect(own.parent == getppid())
        #expect(own.group == getpgrp())
        #expect(own.session == getsid(0))
        #expect(!own.isZombie)
        #expect(ProcessTable.row(of: getpid())?.identity == own.identity)
        #expect(ProcessTable.row(of: -1) == nil)
        #expect(ProcessTable.ownLine().isSuperset(of: [getpid(), getppid()]))
    }

    @Test func aNameMayHoldAnything() async throws {
        try await OwnProcess.run {
            let directory = try TemporaryDirectory()
            try Files.link(directory("a) Z (1 2"), to: try Tool.path("sleep"))
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawn([directory("a) Z (1 2"), "1000"])
            let row = try #require(ProcessTable.row(of: pid))
            #expect(row.name == "a) Z (1 2")
            #expect(row.parent == getpid())
            #expect(!row.isZombie)
            kill(pid, SIGKILL)
            #expect(children.waitForEnd(of: pid))
            #expect(ProcessTable.row(of: pid)?.isZombie == true)
            #expect(ProcessTable.row(of: pid)?.identity == row.identity)
            children.reap(pid)
            #expect(ProcessTable.row(of: pid) == nil)
        }
    }

    @Test func whatAProcessDoes() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            func does(_ pid: Int32, _ activity: ProcessStanding.Activity) -> Bool {
                Wait.until { ProcessTable.standing(of: pid)?.activity == activity }
            }
            let sleep = try children.spawn([try Tool.path("sleep"), "1000"])
            #expect(does(sleep, .sleeping))
            kill(sleep, SIGSTOP)
            #expect(does(sleep, .stopped))
            kill(sleep, SIGCONT)
            #expect(does(sleep, .sleeping))
            let loop = try children.spawnShell("while :; do :; done")
            #expect(does(loop, .running))
            let before = try #require(ProcessTable.standing(of: loop)).used
            #expect(Wait.until { (ProcessTable.standing(of: loop)?.used ?? .zero) >= before + .milliseconds(50) })
            for pid in [sleep, loop] {
                kill(pid, SIGKILL)
                #expect(children.waitForEnd(of: pid))
                #expect(ProcessTable.standing(of: pid)?.activity == .other)
                children.reap(pid)
                #expect(ProcessTable.standing(of: pid) == nil)
            }
        }
    }

    @Test func theMarkerIsAWholeEntryOfTheEnvironment() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let sleep = try Tool.path("sleep")
            func spawn(_ environment: [String]) throws -> Int32 {
                try children.spawn([sleep, "1000"], environment: environment.map { Array($0.utf8) })
            }
            let marked = try spawn(["A=1", "CRATER_RUN_INSTANCE=x/y"])
            // An environment may be larger than a mebibyte, and the marker is its last entry.
            let large = try spawn(
                (0..<14).map { "V\($0)=" + String(repeating: "v", count: 100_000) } + ["CRATER_RUN_INSTANCE=x/y"])
            let others = [
                try spawn(["CRATER_RUN_INSTANCE=x/yz"]), try spawn(["NCRATER_RUN_INSTANCE=x/y"]),
                try spawn(["CRATER_RUN_INSTANCE=x"]), try spawn([]),
            ]
            // Another run of these tests on this machine has processes like these.
            let rows = ProcessTable.rows().filter { $0.parent == getpid() }
            let reader = InstanceReader()
            let found = reader.instances(of: rows.map(\.identity)).filter { $0.value == .instance("x/y") }
            #expect(Set(found.keys.map(\.pid)) == [marked, large])
            for pid in [marked, large] + others { kill(pid, SIGKILL) }
            for pid in [marked, large] + others { #expect(children.waitForEnd(of: pid)) }
            // The dead have no environment, and count neither as marked nor as unreadable.
            #expect(Set(reader.instances(of: rows.map(\.identity)).values) == [.gone])
        }
    }

    @Test(.enabled(if: Host.isRoot || Host.isCI)) func environmentsThatCannotBeReadAreCounted() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawn(
                [try Tool.path("sleep"), "1000"], environment: [Array("CRATER_RUN_INSTANCE=1".utf8)])
            defer { kill(pid, SIGKILL) }
            let rows = try [#require(ProcessTable.row(of: pid))]
            let identity = try #require(rows.first).identity
            let reader = InstanceReader()
            #expect(reader.instances(of: [identity]) == [identity: .instance("1")])
            try systemCall("seteuid") { seteuid(65_534) }
            #expect(reader.instances(of: [identity]) == [identity: .unreadable])
            #expect(ProcessTable.sockets(of: pid) == nil)
            #expect(ProcessTable.sockets(of: 1) == nil)
            try systemCall("seteuid") { seteuid(0) }
            kill(pid, SIGKILL)
            #expect(children.end(of: pid) == .signaled(.kill))
        }
    }

    @Test func socketsOfAProcessAreThoseItHolds() async throws {
        try await OwnProcess.run {
            let listener = try TestListener(.ipv4("127.0.0.1"))
            let inode = try #require(listener.inode)
            #expect(ProcessTable.sockets(of: getpid())?.contains(inode) == true)
            let holder = try #require(ProcessTable.row(of: getpid()))
            #expect(ProcessTable.holder(of: [inode]) == "\(holder.name) (pid \(getpid()))")
            listener.close()
            #expect(ProcessTable.sockets(of: getpid())?.contains(inode) == false)
            #expect(ProcessTable.holder(of: [inode]) == nil)
            #expect(ProcessTable.holder(of: []) == nil)
            #expect(ProcessTable.sockets(of: -1) == nil)
        }
    }

    @Test func aSignalGoesToExactlyTheProcessThatWasMeant() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            let pid = try children.spawn([try Tool.path("sleep"), "1000"])
            let identity = try #require(ProcessTable.row(of: pid)).identity
            for wrong in [identity.startTime - 1, identity.startTime + 1, 0, .max] {
                ProcessTable.send(.kill, to: ProcessIdentity(pid: pid, startTime: wrong))
            }
            // A signal that was sent would have been delivered before this call's return.
            ProcessTable.send(.stop, to: identity)
            let isStopped = try Wait.until {
                statusField("State", in: try SmallFile.read("/proc/\(pid)/status"))?.hasPrefix("T") == true
            }
            #expect(isStopped)
            #expect(children.peek() == nil)
            ProcessTable.send(.kill, to: identity)
            #expect(children.end(of: pid) == .signaled(.kill))
            // Nobody is there any more.
            ProcessTable.send(.kill, to: identity)
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct AppProcessesTests {
    /// Each process of tests has its own, since they all see each other's processes.
    private static var instance: String { "\(getpid())/app" }

    /// An app whose leader is still there or gone, with one process in its group, one in a session of its own, one in a
    /// session of its own without the marker.
    private static let script = """
        sleep 1001 &
        setsid sleep 1002 &
        env -i setsid sleep 1003 &
        echo started
        """

    private func start(_ children: inout ChildProcesses, _ end: String) throws -> Int32 {
        try systemCall("prctl") { clinux_set_subreaper(1) }
        let pipe = try TestPipe()
        let environment =
            ProcessEnvironment.entries() + [Array("CRATER_RUN_INSTANCE=\(AppProcessesTests.instance)".utf8)]
        let shell = try Tool.path("sh")
        let pid = try children.spawn(
            [shell, "-c", "\(AppProcessesTests.script)\n\(end)"], environment: environment, output: pipe.writeEnd)
        pipe.closeWriteEnd()
        #expect(text(Wait.readToEnd(pipe.readEnd, enough: 8)) == "started\n")
        // Until each has become what it is to be.
        let areThere = Wait.until { ProcessTable.rows().count { $0.name == "sleep" && isBelowUs($0) } == 3 }
        #expect(areThere)
        return pid
    }

    /// Whether it is ours in whatever generation, told by its arguments.
    private func isBelowUs(_ row: ProcessRow) -> Bool {
        let line = (try? SmallFile.read("/proc/\(row.identity.pid)/cmdline")).map { text($0) } ?? ""
        guard ["1001", "1002", "1003"].contains(where: { line.contains("\0\($0)\0") }) else { return false }
        var pid = row.parent
        while pid > 1, pid != getpid() { pid = ProcessTable.row(of: pid)?.parent ?? 0 }
        return pid == getpid()
    }

    private func endAll(_ children: inout ChildProcesses) {
        for row in ProcessTable.rows() where isBelowUs(row) || row.parent == getpid() {
            kill(row.identity.pid, SIGKILL)
        }
        let areGone = Wait.until {
            while let (pid, _) = children.peek() { children.reap(pid) }
            return !ProcessTable.rows().contains { $0.parent == getpid() }
        }
        #expect(areGone)
    }

    @Test func everythingBelowTheLeaderBelongsToTheApp() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            var processes = AppProcesses(instance: AppProcessesTests.instance, reader: InstanceReader())
            let pid = try start(&children, "wait")
            processes.started(pid)
            #expect(processes.survey().count == 4)
            #expect(processes.countRest() == 3)
            #expect(processes.leader == pid)
            #expect(!processes.survey().contains { $0.identity.pid == getpid() })
            endAll(&children)
        }
    }

    @Test func orphansAreFoundByGroupMarkerAndTheLastLook() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            var processes = AppProcesses(instance: AppProcessesTests.instance, reader: InstanceReader())
            let pid = try start(&children, "wait")
            processes.started(pid)
            let before = processes.survey()
            kill(pid, SIGKILL)
            #expect(children.waitForEnd(of: pid))
            // A zombie is no rest, but leads its group still.
            #expect(processes.countRest() == 3)
            children.reap(pid)
            processes.reaped()
            #expect(processes.leader == nil)
            let after = Set(processes.survey().map(\.identity))
            #expect(after == Set(before.map(\.identity)).filter { $0.pid != pid })
            #expect(processes.countRest() == 3)

            // To each of them, wherever it is.
            processes.send(.terminate, to: .tree)
            let areGone = Wait.until {
                while let (pid, _) = children.peek() { children.reap(pid) }
                return processes.countRest() == 0
            }
            #expect(areGone)
            endAll(&children)
        }
    }

    /// What has shed the marker and the session before anybody looked cannot be told from anybody's daemon.
    @Test func aDaemonThatWasNeverSeenIsNobodys() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            var processes = AppProcesses(instance: AppProcessesTests.instance, reader: InstanceReader())
            let pid = try start(&children, "exit 0")
            processes.started(pid)
            #expect(children.end(of: pid) == .exited(code: 0))
            processes.reaped()
            #expect(processes.countRest() == 2)
            endAll(&children)
        }
    }

    @Test func scopesReachWhomTheyName() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            var processes = AppProcesses(instance: AppProcessesTests.instance, reader: InstanceReader())
            let pid = try start(&children, "trap 'exit 7' TERM; while :; do wait; done")
            processes.started(pid)
            _ = processes.survey()
            processes.send(.kill, to: .leader)
            #expect(children.end(of: pid) == .signaled(.kill))
            processes.reaped()
            #expect(processes.countRest() == 3)
            // Without a leader there is neither leader nor group to be reached: that pid may be anybody's.
            processes.send(.kill, to: .leader)
            processes.send(.kill, to: .group)
            #expect(processes.countRest() == 3)
            endAll(&children)
        }
    }

    @Test func theGroupIsReachedWhileItsLeaderIsAZombie() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            var processes = AppProcesses(instance: AppProcessesTests.instance, reader: InstanceReader())
            let pid = try start(&children, "exit 0")
            processes.started(pid)
            #expect(children.waitForEnd(of: pid))
            _ = processes.survey()
            processes.send(.kill, to: .group)
            let isGone = Wait.until {
                ProcessTable.rows().count { $0.group == pid && !$0.isZombie } == 0
            }
            #expect(isGone)
            children.reap(pid)
            endAll(&children)
        }
    }

    @Test func anotherAppsProcessesAreNotTouched() async throws {
        try await OwnProcess.run {
            var children = ChildProcesses(inherited: .none)
            var processes = AppProcesses(instance: AppProcessesTests.instance, reader: InstanceReader())
            let pid = try start(&children, "wait")
            processes.started(pid)
            let other = try children.spawn([try Tool.path("sleep"), "1000"])
            processes.send(.kill, to: .tree)
            let areGone = Wait.until { processes.countRest() == 0 }
            #expect(areGone)
            #expect(ProcessTable.row(of: other)?.isZombie == false)
            endAll(&children)
        }
    }
}
