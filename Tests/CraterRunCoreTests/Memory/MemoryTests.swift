import CraterRunCore
import Testing

/// Who goes first when memory is used up, and how that is told.
struct MemoryLeadTests {
    private static let gibibyte: UInt64 = 1 << 30

    @Test(
        arguments: [
            // A request of 2Gi on a node of 23.8 GiB, of a limit of 4Gi: 84 thousandths.
            (score: 916, memory: 4 << 30, lead: "344 MiB"), (score: 3, memory: 4 << 30, lead: "3.9 GiB"),
            (score: 999, memory: 500 << 20, lead: "512 KiB"), (score: 1000, memory: 4 << 30, lead: "0 bytes"),
            (score: -997, memory: 4 << 30, lead: "7.9 GiB"), (score: 0, memory: 1 << 30, lead: "1 GiB"),
        ] as [(score: Int, memory: UInt64, lead: String)])
    func isInThousandthsOfTheMemory(score: Int, memory: UInt64, lead: String) {
        #expect(ByteCount.describe(MemoryLead(score: score, memory: memory).bytes) == lead)
    }

    @Test(arguments: [0, -1, -997, -1000, Int.min]) func isWholeWhereTheJobIsProtected(score: Int) {
        #expect(MemoryLead(score: score, memory: 1 << 30).isWhole)
    }

    @Test func overflowsNowhere() {
        _ = MemoryLead(score: Int.min, memory: .max).bytes
        #expect(!MemoryLead(score: Int.max, memory: .max).isWhole)
        #expect(ByteCount.describe(.max) == "16777215 TiB")
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"), ((1 << 30) - 1, "1023 MiB"),
            (4 << 30, "4 GiB"), ((4 << 30) + (1 << 29), "4.5 GiB"), (344 << 20, "344 MiB"), (100 << 30, "100 GiB"),
        ] as [(UInt64, String)])
    func amountsAreForPeople(bytes: UInt64, text: String) {
        #expect(ByteCount.describe(bytes) == text)
    }

    // MARK: The doctor's line

    private func check(
        _ score: Int?, limit: UInt64? = 4 << 30, node: UInt64? = 64 << 30, killsAll: Bool = false
    ) -> DoctorCheck? {
        var given = DoctorCase()
        given.memory = MemoryFacts(score: score, limit: limit, node: node, killsAll: killsAll)
        #expect(given.diagnosis.isSound)
        return given.diagnosis.check(.memory)
    }

    @Test func saysFromWhichSizeOnTheJobGoesFirst() {
        let check = check(916)
        #expect(check?.status == .skipped)
        #expect(
            check?.message
                == "if the limit of 4 GiB is used up, the viewers (TensorBoard, Visdom, MLflow, VisualDL, Aim, "
                + "Datasette, Netron, HiPlot) are killed before a job that uses up to 344 MiB more than they do, and a larger job is killed first (the job's oom_score_adj is 916, theirs 1000). In a Pod whose requests "
                + "are equal to its limits they are killed first in any case")
    }

    @Test func saysThatAViewerGoesFirst() {
        #expect(check(-997)?.status == .ok)
        #expect(
            check(-997)?.message
                == "if the limit of 4 GiB is used up, the viewers (TensorBoard, Visdom, MLflow, VisualDL, Aim, "
                + "Datasette, Netron, HiPlot) are killed before the job, however large it is (the job's oom_score_adj is -997, theirs 1000)"
        )
    }

    @Test func saysThatTheLargestGoesFirst() {
        #expect(check(1000)?.message.contains("the largest process is killed first, the job or another") == true)
    }

    @Test func saysThatAllGoTogether() {
        let check = check(-997, killsAll: true)
        #expect(check?.status == .skipped)
        #expect(check?.message.contains("the kernel kills the whole container, the job too (memory.oom.group)") == true)
        // What the node has not is taken one by one.
        #expect(self.check(-997, limit: nil, killsAll: true)?.status == .ok)
    }

    @Test func isOfTheNodeWhereThereIsNoLimit() {
        #expect(check(916, limit: nil)?.message.hasPrefix("if the node's 64 GiB are used up, ") == true)
        #expect(check(916, limit: 128 << 30)?.message.hasPrefix("if the node's 64 GiB are used up, ") == true)
        #expect(check(916, node: nil)?.message.hasPrefix("if the limit of 4 GiB is used up, ") == true)
        #expect(check(916, limit: nil, node: nil) == nil)
        #expect(check(nil) == nil)
    }
}

/// What a control group's counters tell of a process that was killed.
struct OutOfMemoryKillTests {
    private func kill(_ kills: UInt64, _ reached: UInt64?, since: UInt64, _ before: UInt64?, limit: UInt64? = 4 << 30)
        -> OutOfMemoryKill?
    {
        MemoryCounters(kills: kills, limitsReached: reached)
            .kill(since: MemoryCounters(kills: since, limitsReached: before), limit: limit)
    }

    @Test func isOneWhereTheCounterHasGrown() {
        #expect(kill(3, nil, since: 3, nil) == nil)
        #expect(kill(2, nil, since: 3, nil) == nil)
        #expect(kill(4, nil, since: 3, nil) == OutOfMemoryKill(.limit(4 << 30)))
        #expect(kill(4, 2, since: 3, 1) == OutOfMemoryKill(.limit(4 << 30)))
        #expect(kill(4, 1, since: 3, 1) == OutOfMemoryKill(.outside))
        #expect(kill(4, 2, since: 3, 1, limit: nil) == OutOfMemoryKill(.unknown))
    }

    @Test func isToldWithTheEnd() {
        var app = AppDriver()
        app.startAndBecomeReady()
        #expect(app.send(.ranOutOfMemory(OutOfMemoryKill(.limit(4 << 30)))) == [])
        app.send(.exited(.signaled(.kill)))
        let cause =
            "was killed by SIGKILL (the kernel's OOM killer: the container's memory limit of 4 GiB was reached) after"
        #expect(app.said.last?.message.contains(cause) == true, "\(app.said)")
        #expect(app.machine.history.reason?.hasPrefix(cause) == true)
        // The next end is another one.
        app.comeBack()
        app.send(.exited(.signaled(.kill)))
        #expect(app.said.last?.message.contains("was killed by SIGKILL after") == true)
    }

    @Test func isNothingOfAnAppThatDoesNotRun() {
        var app = AppDriver()
        #expect(app.send(.ranOutOfMemory(OutOfMemoryKill(.unknown))) == [])
        app.start()
        app.send(.exited(.signaled(.kill)))
        #expect(app.said.last?.message.contains("OOM") == false)
    }

    @Test(arguments: [
        (OutOfMemoryKill.Place.outside, "the Pod's or the node's memory had run out"), (.unknown, "memory had run out"),
    ])
    func saysWhichMemoryItWas(place: OutOfMemoryKill.Place, text: String) {
        #expect(OutOfMemoryKill(place).cause == "the kernel's OOM killer: \(text)")
    }
}

/// Where the files of a control group are.
struct ControlGroupPathTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let membership: String
        let mounts: String
        let directories: [String]?
        var version = ControlGroupPath.Version.one

        init(
            _ name: String, _ membership: String, _ mounts: String, _ directories: [String]?,
            _ version: ControlGroupPath.Version = .one
        ) {
            testDescription = name
            self.membership = membership
            self.mounts = mounts
            self.directories = directories
            self.version = version
        }
    }

    private static let unified = "30 20 0:26 / /sys/fs/cgroup ro,nosuid,relatime - cgroup2 cgroup rw,nsdelegate"
    private static let pod = "/kubepods/burstable/pod1/abc"

    @Test(arguments: [
        Case(
            "v1 in a container: its own group is what is mounted", "5:cpu,cpuacct:\(pod)\n4:memory:\(pod)\n",
            "40 30 0:33 \(pod) /sys/fs/cgroup/memory ro,nosuid master:11 - cgroup cgroup rw,memory\n",
            ["/sys/fs/cgroup/memory"]),
        Case(
            "v1 below its own group", "4:memory:\(pod)/mine/too",
            "40 30 0:33 \(pod) /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
            ["/sys/fs/cgroup/memory/mine/too", "/sys/fs/cgroup/memory/mine", "/sys/fs/cgroup/memory"]),
        Case(
            "v1 of the host", "4:memory:/user/x", "40 30 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
            ["/sys/fs/cgroup/memory/user/x", "/sys/fs/cgroup/memory/user", "/sys/fs/cgroup/memory"]),
        Case(
            "v1 with another group mounted than its own", "4:memory:/elsewhere",
            "40 30 0:33 \(pod) /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory", ["/sys/fs/cgroup/memory"]),
        Case(
            "v1 and a unified hierarchy without controllers", "4:memory:/\n0::/",
            "\(unified)\n40 30 0:33 / /m rw - cgroup cgroup rw,memory", ["/m"]),
        Case("v2 in a namespace", "0::/\n", unified, ["/sys/fs/cgroup"], .two),
        Case(
            "v2 below it", "0::/mine\n", unified, ["/sys/fs/cgroup/mine", "/sys/fs/cgroup"], .two),
        Case("v2 above it", "0::/../other\n", unified, ["/sys/fs/cgroup"], .two),
        Case(
            "v2 without a namespace", "0::\(pod)", "30 20 0:26 \(pod) /sys/fs/cgroup ro - cgroup2 cgroup rw",
            ["/sys/fs/cgroup"], .two),
        Case("a member of a hierarchy that is not mounted", "4:memory:/x", "1 2 0:3 / / rw - ext4 /dev/vda rw", nil),
        Case("nothing", "", "", nil),
        Case("nonsense", "4:memory\n::::\n0", "- - - -\n1 2 3 4 5 6 - cgroup2\n\n", nil),
    ])
    func isFound(test: Case) {
        let found = ControlGroupPath.memory(membership: Array(test.membership.utf8), mounts: Array(test.mounts.utf8))
        #expect(found?.directories == test.directories)
        if test.directories != nil { #expect(found?.version == test.version) }
    }
}
