import CLinux
import Glibc
import Testing

@testable import CraterRunLinux

/// What a run keeps in memory, and what the init role holds for its supervisors.
@Suite(.timeLimit(.minutes(5))) struct RunMemoryTests {
    @Test func whatOneSupervisorHasKeptTheNextOneFinds() throws {
        let file = try RunMemory.makeFile()
        defer { close(file) }
        let first = RunMemory(inherited: dup(file))
        #expect(first["token jupyter"] == nil)
        first["token jupyter"] = "abc"
        first["token jupyter"] = "abd"
        first["announced jupyter"] = "a line\nand another, with  blanks and ü"
        first.give("secret", to: "jupyter")
        let second = RunMemory(inherited: dup(file))
        #expect(second["token jupyter"] == "abd")
        #expect(second["announced jupyter"] == "a line\nand another, with  blanks and ü")
        // What an app was given, it is given anew.
        #expect(second.given(to: "jupyter") == nil)
        second["other"] = "x"
        #expect(RunMemory(inherited: dup(file))["other"] == "x")
    }

    @Test func whatIsNoneOfOursIsPassedOver() throws {
        let file = try RunMemory.makeFile()
        defer { close(file) }
        #expect(write(file, "zz\n61 \n61 62 63\n6 7\n61 62\n61", 26) == 26)
        let memory = RunMemory(inherited: dup(file))
        #expect(memory["a"] == "b")
    }

    @Test func descriptorsAreTakenOverThatAreWhatTheyHaveToBe() throws {
        let legacy = try RunLegacy()
        let (memory, owner) = (dup(legacy.passed[0].source), dup(legacy.passed[1].source))
        #expect(memory > 2 && owner > 2)
        let taken = try #require(RunLegacy.Descriptors(memory: memory, owner: owner))
        #expect(taken.memory == memory && taken.owner == owner)
        for descriptor in [memory, owner] { #expect(clinux_descriptor_flags(descriptor) == FD_CLOEXEC) }
        #expect(RunLegacy.Descriptors(memory: owner, owner: memory) == nil)
        #expect(RunLegacy.Descriptors(memory: memory, owner: memory) == nil)
        #expect(RunLegacy.Descriptors(memory: 0, owner: owner) == nil)
        #expect(RunLegacy.Descriptors(memory: 99_999, owner: owner) == nil)
        for descriptor in [memory, owner] { close(descriptor) }
    }
}
