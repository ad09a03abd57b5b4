import CraterRunCore
import Testing

/// What a process does, from the lines of its threads.
struct ProcessStandingTests {
    private func line(_ id: Int32, _ state: String, user: Int = 3, system: Int = 1) -> [UInt8] {
        let rest = "0 0 20 0 1 0 987654 2609152 901 18446744073709551615 1 1 0 0 0 0 0 3670020 0 0 0 17 1 0 0 0 0 0\n"
        return Array("\(id) (a) R 7) \(state) 1 4242 4243 0 -1 4194560 1290 0 0 0 \(user) \(system) \(rest)".utf8)
    }

    private func activity(_ states: [String]) -> ProcessStanding.Activity? {
        let lines = states.enumerated().map { line(10 + Int32($0.offset), $0.element) }
        return ProcessStanding(threads: lines, leader: 10, ticks: 100)?.activity
    }

    @Test(
        arguments: [
            (["T"], .stopped), (["t"], .stopped), (["T", "T"], .stopped), (["T", "R"], .stopped),
            (["T", "D"], .stopped),
            (["S"], .sleeping), (["S", "S", "S"], .sleeping),
            (["R"], .running), (["R", "S"], .running), (["S", "S", "R"], .running), (["D", "R"], .running),
            (["D"], .other), (["S", "D"], .other), (["S", "T"], .other), (["I"], .other), (["Z"], .other),
            (["X", "S"], .other), (["?"], .other),
        ] as [([String], ProcessStanding.Activity)])
    func allThreadsCount(states: [String], expected: ProcessStanding.Activity) {
        #expect(activity(states) == expected, "\(states)")
    }

    @Test func theFirstThreadMayComeLast() {
        let lines = [line(11, "S"), line(10, "T")]
        #expect(ProcessStanding(threads: lines, leader: 10, ticks: 100)?.activity == .stopped)
    }

    @Test func theTimesOfAllThreadsAreAddedUp() {
        let lines = [line(10, "R", user: 250, system: 50), line(11, "S", user: 0, system: 7)]
        let standing = ProcessStanding(threads: lines, leader: 10, ticks: 100)
        #expect(standing == ProcessStanding(.running, used: .milliseconds(3070)))
        #expect(ProcessStanding(threads: lines, leader: 10, ticks: 1000)?.used == .milliseconds(307))
        #expect(ProcessStanding(threads: lines, leader: 10, ticks: 0) != nil)
    }

    @Test func whatIsNotReadSaysNothing() {
        #expect(ProcessStanding(threads: [], leader: 10, ticks: 100) == nil)
        #expect(ProcessStanding(threads: [line(11, "S")], leader: 10, ticks: 100) == nil, "the first thread is missing")
        #expect(ProcessStanding(threads: [line(10, "S"), Array("garbage".utf8)], leader: 10, ticks: 100) == nil)
        let whole = line(10, "S")
        for length in 0..<whole.count {
            let standing = ProcessStanding(threads: [Array(whole.prefix(length))], leader: 10, ticks: 100)
            #expect(standing == nil || standing?.activity == .sleeping)
        }
        #expect(ProcessStanding(threads: [line(10, "S", user: .max, system: .max)], leader: 10, ticks: 100) != nil)
    }
}
