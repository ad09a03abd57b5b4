import CraterRunCore
import Testing

struct ProcessTreeTests {
    /// A process of its own group and session unless told otherwise.
    private func row(
        _ pid: Int32, parent: Int32, group: Int32? = nil, session: Int32? = nil, started: UInt64 = 1,
        isZombie: Bool = false
    ) -> ProcessRow {
        ProcessRow(
            identity: ProcessIdentity(pid: pid, startTime: started),
            parent: parent,
            group: group ?? pid,
            session: session ?? pid,
            isZombie: isZombie,
            name: "p\(pid)"
        )
    }

    private func pids(
        _ rows: [ProcessRow],
        leader: Int32? = nil,
        marked: Set<Int32> = [],
        known: Set<ProcessIdentity> = [],
        excluded: Set<Int32> = []
    ) -> [Int32] {
        ProcessTree.members(of: rows, leader: leader, marked: marked, known: known, excluded: excluded)
            .map(\.identity.pid)
    }

    @Test func isEmptyWithoutAnything() {
        #expect(pids([]) == [])
        #expect(pids([row(1, parent: 0), row(2, parent: 1)]) == [])
    }

    @Test func holdsTheLeaderAndAllThatDescendsFromIt() {
        let rows = [
            row(1, parent: 0), row(10, parent: 1), row(11, parent: 10), row(12, parent: 11), row(13, parent: 12),
            row(20, parent: 1), row(21, parent: 20),
        ]
        #expect(pids(rows, leader: 10) == [10, 11, 12, 13])
    }

    @Test func holdsAChainThatIsListedBackwards() {
        let rows = (1...500).reversed().map { row(Int32(100 + $0), parent: Int32(99 + $0)) }
        #expect(pids(rows, leader: 101).count == 500)
    }

    @Test func holdsOrphansOfItsGroup() {
        #expect(pids([row(10, parent: 1), row(11, parent: 1, group: 10, session: 5)], leader: 10) == [10, 11])
    }

    @Test func holdsOrphansOfItsSession() {
        #expect(pids([row(10, parent: 1), row(11, parent: 1, group: 11, session: 10)], leader: 10) == [10, 11])
    }

    @Test func holdsOrphansOfItsGroupWhenTheLeaderIsGoneAndNotYetReaped() {
        #expect(pids([row(11, parent: 1, group: 10, session: 10)], leader: 10) == [11])
    }

    @Test func doesNotLookForAGroupWhoseNumberMayBeAnothers() {
        #expect(pids([row(11, parent: 1, group: 10, session: 10)], leader: nil) == [])
    }

    @Test func holdsOrphansByTheirMarkerAndWhatDescendsFromThem() {
        let rows = [row(11, parent: 1), row(12, parent: 11), row(13, parent: 1)]
        #expect(pids(rows, marked: [11]) == [11, 12])
    }

    @Test func holdsOrphansThatWereSeenAtTheLastLook() {
        let rows = [row(11, parent: 1, started: 70), row(12, parent: 11)]
        #expect(pids(rows, known: [ProcessIdentity(pid: 11, startTime: 70)]) == [11, 12])
    }

    @Test func doesNotTakeALaterProcessForOneThatWasSeen() {
        let rows = [row(11, parent: 1, started: 71), row(12, parent: 11)]
        #expect(pids(rows, known: [ProcessIdentity(pid: 11, startTime: 70)]) == [])
    }

    @Test func leavesOutWhatIsExcludedHoweverItIsFound() {
        let rows = [row(5, parent: 1, group: 10, session: 10), row(6, parent: 5), row(10, parent: 5)]
        #expect(pids(rows, leader: 10, marked: [5], excluded: [1, 5]) == [10])
        // Nor is it found as somebody's child.
        #expect(pids([row(10, parent: 1), row(5, parent: 10)], leader: 10, excluded: [5]) == [10])
    }

    @Test func holdsZombiesAndWhatTheyLeave() {
        let rows = [row(10, parent: 1, isZombie: true), row(11, parent: 1, group: 10, session: 10)]
        #expect(pids(rows, leader: 10) == [10, 11])
    }

    @Test func doesNotTurnForEverInACircleOfParents() {
        // A table that was read while pids were reused.
        #expect(pids([row(10, parent: 11), row(11, parent: 10)], leader: 10) == [10, 11])
        #expect(pids([row(10, parent: 10)], leader: 10) == [10])
    }

    @Test func keepsTwoAppsApart() {
        let rows = [
            row(10, parent: 1), row(11, parent: 1, group: 11, session: 10), row(20, parent: 1),
            row(21, parent: 1, group: 20, session: 20),
        ]
        #expect(pids(rows, leader: 10) == [10, 11])
        #expect(pids(rows, leader: 20) == [20, 21])
    }
}

struct ProcessRowTests {
    /// What follows the name in a line of /proc/<pid>/stat of Linux 6.1.
    private static let rest =
        "S 1 4242 4243 0 -1 4194560 1290 0 0 0 3 1 0 0 20 0 1 0 987654 2609152 901 18446744073709551615 1 1 0 0 0 0 0 "
        + "3670020 1266777851 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n"

    struct Name: Sendable {
        let name: String
    }

    @Test(arguments: [
        Name(name: "tensorboard"), Name(name: "tmux: server"), Name(name: "(sd-pam)"), Name(name: "a) S 1 2 3"),
        Name(name: ""), Name(name: "new\nline"), Name(name: ") Z 0 0 0 ("), Name(name: "))))"), Name(name: "((("),
    ])
    func readsALineWhateverTheNameHolds(_ name: Name) {
        #expect(
            ProcessRow(stat: Array("4242 (\(name.name)) \(Self.rest)"))
                == ProcessRow(
                    identity: ProcessIdentity(pid: 4242, startTime: 987654),
                    parent: 1,
                    group: 4242,
                    session: 4243,
                    isZombie: false,
                    name: name.name
                )
        )
    }

    @Test func readsANameThatIsNotUTF8() {
        let line = Array("7 (") + [0xFF, 0xFE] + Array(") \(Self.rest)")
        #expect(ProcessRow(stat: line)?.identity.pid == 7)
    }

    @Test(arguments: ["Z", "X"])
    func tellsTheDead(_ state: String) {
        #expect(ProcessRow(stat: Array("7 (a) \(state)\(Self.rest.dropFirst())"))?.isZombie == true)
    }

    @Test(arguments: ["R", "S", "D", "T", "t", "I"])
    func tellsTheLiving(_ state: String) {
        #expect(ProcessRow(stat: Array("7 (a) \(state)\(Self.rest.dropFirst())"))?.isZombie == false)
    }

    @Test(arguments: [
        "", "7", "7 (a", "7 a)", ")(", "7 (a)", "7 (a) S", "7 (a) S 1 2 3",
        "x (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
        "99999999999 (a) S 1 2 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5", "7 (a) S x 2 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 5",
        "7 (a) S 1 2 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -5", "\0\0\0",
    ])
    func refusesGarbage(_ line: String) {
        #expect(ProcessRow(stat: Array(line)) == nil)
    }

    @Test func survivesEveryCutOfALine() {
        let line = Array("4242 (a b) \(Self.rest)")
        for length in 0..<line.count {
            let row = ProcessRow(stat: Array(line.prefix(length)))
            #expect(row == nil || row?.identity.pid == 4242)
        }
    }
}
