import CraterRunCore
import Glibc
import Synchronization
import Testing

@testable import CraterRunLinux

/// Processes whose environment does not answer cost no more than a moment.
@Suite(.timeLimit(.minutes(1))) struct InstanceReaderTests {
    private func identity(_ pid: Int32) -> ProcessIdentity { ProcessIdentity(pid: pid, startTime: 1) }

    @Test func leavesAsideWhatDoesNotAnswerAndReadsTheOthers() throws {
        let gate = try Gate()
        let reader = InstanceReader { pid in
            if pid == 2 { gate.wait() }
            return "run/\(pid)"
        }
        let all = (1...4).map(identity)
        let expected: [ProcessIdentity: InstanceReader.Reading] = [
            all[0]: .instance("run/1"), all[1]: .unreadable, all[2]: .instance("run/3"), all[3]: .instance("run/4"),
        ]
        #expect(reader.instances(of: all) == expected)
        // It is known by now, and waited for no more.
        #expect(reader.instances(of: all) == expected)
        #expect(gate.waiters == 1)
        gate.open()
        let answersAgain = Wait.until { reader.instances(of: [all[1]]) == [all[1]: .instance("run/2")] }
        #expect(answersAgain)
    }

    @Test func readsNothingMoreWhereManyDoNotAnswer() throws {
        let gate = try Gate()
        let reader = InstanceReader { pid in
            gate.wait()
            return nil
        }
        let all = (1...20).map(identity)
        #expect(Set(reader.instances(of: all).values) == [.unreadable])
        #expect(gate.waiters <= 9)
        gate.open()
    }

    @Test func whatHasEndedIsGone() {
        let reader = InstanceReader { pid throws(SystemCallError) in
            throw SystemCallError(call: "open", number: pid == 1 ? ENOENT : EACCES)
        }
        #expect(reader.instances(of: [identity(1), identity(2)]) == [identity(1): .gone, identity(2): .unreadable])
    }
}

/// Where threads wait until it is opened.
private final class Gate: Sendable {
    private let ends: (read: Int32, write: Int32)
    private let count = Mutex(0)

    init() throws {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe") { pipe(&ends) }
        self.ends = (ends[0], ends[1])
    }

    var waiters: Int { count.withLock { $0 } }

    func wait() {
        count.withLock { $0 += 1 }
        var byte: UInt8 = 0
        _ = read(ends.read, &byte, 1)
    }

    /// For all, and for ever.
    func open() { close(ends.write) }
}
