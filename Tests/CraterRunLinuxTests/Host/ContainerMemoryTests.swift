import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// A control group's files, in a tree of the test's.
struct ContainerMemoryTests {
    /// A tree with these files.
    private func tree(_ files: [String: String]) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        for (path, text) in files {
            var parent = directory.path
            for part in path.split(separator: "/").dropLast() {
                parent += "/\(part)"
                mkdir(parent, 0o755)
            }
            try Files.write(text, to: directory(path))
        }
        return directory
    }

    private static let first = [
        "proc/self/cgroup": "4:memory:/kubepods/pod1/abc\n0::/\n",
        "proc/self/mountinfo": "40 30 0:33 /kubepods/pod1/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
    ]
    private static let second = [
        "proc/self/cgroup": "0::/\n",
        "proc/self/mountinfo": "30 20 0:26 / /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw,nsdelegate\n",
    ]

    @Test func readsTheFirstVersion() throws {
        let tree = try tree(
            ContainerMemoryTests.first.merging([
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "4294967296\n",
                "sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
            ]) { $1 })
        let memory = try #require(ContainerMemory(root: tree.path))
        #expect(memory.limit == 4 << 30)
        #expect(memory.counters == MemoryCounters(kills: 2, limitsReached: nil))
        #expect(!memory.killsAll)
        // Without a limit it says the largest number of whole pages.
        try Files.write("9223372036854771712\n", to: tree("sys/fs/cgroup/memory/memory.limit_in_bytes"))
        #expect(memory.limit == nil)
    }

    @Test func readsTheSecondVersion() throws {
        let tree = try tree(
            ContainerMemoryTests.second.merging([
                "sys/fs/cgroup/memory.max": "524288000\n",
                "sys/fs/cgroup/memory.events": "low 0\nhigh 0\nmax 71\noom 3\noom_kill 4\noom_group_kill 1\n",
                "sys/fs/cgroup/memory.oom.group": "1\n",
            ]) { $1 })
        let memory = try #require(ContainerMemory(root: tree.path))
        #expect(memory.limit == 500 << 20)
        #expect(memory.counters == MemoryCounters(kills: 4, limitsReached: 3))
        #expect(memory.killsAll)
        try Files.write("max\n", to: tree("sys/fs/cgroup/memory.max"))
        try Files.write("0\n", to: tree("sys/fs/cgroup/memory.oom.group"))
        #expect(memory.limit == nil && !memory.killsAll)
    }

    /// The least of the limits on the way counts, and the counters of its own group.
    @Test func looksAboveItsOwnGroup() throws {
        let tree = try tree([
            "proc/self/cgroup": "0::/mine\n",
            "proc/self/mountinfo": ContainerMemoryTests.second["proc/self/mountinfo"] ?? "",
            "sys/fs/cgroup/memory.max": "1048576\n", "sys/fs/cgroup/mine/memory.max": "max\n",
            "sys/fs/cgroup/memory.events": "oom 7\noom_kill 9\n",
            "sys/fs/cgroup/mine/memory.events": "oom 0\noom_kill 1\n",
        ])
        let memory = try #require(ContainerMemory(root: tree.path))
        #expect(memory.limit == 1 << 20)
        #expect(memory.counters == MemoryCounters(kills: 1, limitsReached: 7))
    }

    @Test func knowsNothingWhereThereIsNothing() throws {
        #expect(ContainerMemory(root: "/no/such/root") == nil)
        let bare = try tree(ContainerMemoryTests.first)
        let memory = try #require(ContainerMemory(root: bare.path))
        #expect(memory.limit == nil && memory.counters == nil && !memory.killsAll)
        let old = try tree(
            ContainerMemoryTests.first.merging([
                "sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "a lot\n",
            ]) { $1 })
        let without = try #require(ContainerMemory(root: old.path))
        #expect(without.counters == nil && without.limit == nil)
        var watch = OutOfMemoryWatch(without)
        watch.readCounters(at: MonotonicInstant(nanoseconds: 0))
        #expect(watch.kill() == nil)
        var blind = OutOfMemoryWatch(nil)
        #expect(blind.kill() == nil)
    }

    // MARK: What was killed

    private struct Kernel {
        let tree: TemporaryDirectory
        let memory: ContainerMemory

        func kills(_ number: Int) throws {
            try Files.write("oom_kill \(number)\n", to: tree("sys/fs/cgroup/memory/memory.oom_control"))
        }
    }

    private func kernel() throws -> Kernel {
        let tree = try tree(
            ContainerMemoryTests.first.merging([
                "sys/fs/cgroup/memory/memory.oom_control": "oom_kill 5\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "1048576\n",
            ]) { $1 })
        return Kernel(tree: tree, memory: try #require(ContainerMemory(root: tree.path)))
    }

    private func second(_ number: Int64) -> MonotonicInstant { MonotonicInstant(nanoseconds: number * 1_000_000_000) }

    @Test func tellsAKillOnce() throws {
        let kernel = try kernel()
        var watch = OutOfMemoryWatch(kernel.memory)
        #expect(watch.kill() == nil)
        try kernel.kills(6)
        #expect(watch.kill() == OutOfMemoryKill(.limit(1 << 20)))
        #expect(watch.kill() == nil)
    }

    /// A look between the kill and the end of what was killed must not hide it.
    @Test func aLookInBetweenHidesNothing() throws {
        let kernel = try kernel()
        var watch = OutOfMemoryWatch(kernel.memory)
        watch.readCounters(at: second(0))
        watch.readCounters(at: second(10))
        try kernel.kills(6)
        watch.readCounters(at: second(20))
        watch.readCounters(at: second(21))
        #expect(watch.kill() == OutOfMemoryKill(.limit(1 << 20)))
    }

    /// Another process may have been killed long before.
    @Test func whatWasKilledLongBeforeIsNotTold() throws {
        let kernel = try kernel()
        var watch = OutOfMemoryWatch(kernel.memory)
        try kernel.kills(6)
        watch.readCounters(at: second(0))
        watch.readCounters(at: second(10))
        #expect(watch.kill() == nil)
    }
}
