import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// What a supervisor leaves to the one that follows it.
@Suite(.timeLimit(.minutes(1))) struct RunStorageTests {
    /// Storage as the next supervisor has it, by the descriptors that it inherits.
    private func next(_ legacy: RunLegacy) throws -> RunStorage {
        let copies = try legacy.passed.map { pair in try systemCall("dup") { dup(pair.source) } }
        let descriptors = try #require(RunLegacy.Descriptors(memory: copies[0], owner: copies[1]))
        return RunStorage(nonce: 1, environment: [], legacy: descriptors)
    }

    @Test func theLastHangCounts() throws {
        let legacy = try RunLegacy()
        #expect(try next(legacy).appsAtLastHang.isEmpty)
        try next(legacy).noteHang(of: ["tensorboard", "a b"])
        #expect(try next(legacy).appsAtLastHang == ["tensorboard", "a b"])
        try next(legacy).noteHang(of: [])
        #expect(try next(legacy).appsAtLastHang.isEmpty)
    }
}
