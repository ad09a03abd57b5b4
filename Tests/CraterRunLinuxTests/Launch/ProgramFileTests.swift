import CraterRunCore
import Testing

@testable import CraterRunLinux

/// What `up --check` says of a job's file; what `up` does with it is what ChildProcesses does.
@Suite struct ProgramFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func problem(_ content: [UInt8], mode: UInt32 = 0o755) throws -> LaunchFailure? {
        try Files.write(content, to: directory("program"), mode: mode)
        do throws(LaunchFailure) {
            try ProgramFile.check(directory("program"))
            return nil
        } catch { return error }
    }

    /// The head of an ELF file for a kind of machine (elf(5), e_machine).
    private func program(machine: UInt8) throws -> [UInt8] {
        var head = try SmallFile.read("/bin/sh", limit: 4096)
        head[18] = machine
        head[19] = 0
        return head
    }

    @Test func whatRunsIsFine() throws {
        #expect(try problem(Array("#!/bin/sh\nexit 0\n".utf8)) == nil)
        #expect(try problem(Array("#! \t/bin/sh -e\n".utf8)) == nil)
        #expect(try problem(Array("#!/bin/sh".utf8)) == nil)
        #expect(try problem(Array("echo hello\n".utf8)) == nil)
        #expect(try problem([]) == nil)
        #expect(try problem(Array("#!\n".utf8)) == nil)
        // Text at first, as what unpacks itself has it.
        #expect(try problem(Array("echo hello\n".utf8) + [0, 1, 2]) == nil)
        #expect(try problem(try SmallFile.read("/proc/self/exe", limit: 4096)) == nil)
    }

    @Test func whatDoesNotRunIsNamed() throws {
        let path = directory("program")
        #expect(
            try problem(Array("#!/no/such/shell -x\n".utf8))
                == .notFound("cannot execute \(path): there is no /no/such/shell, the interpreter that it names"))
        #expect(try problem(Array("#!/etc\n".utf8))?.exitCode == 126)
    }

    @Test(
        .enabled(
            if: (Directory.names(in: "/proc/sys/fs/binfmt_misc") ?? []).allSatisfy(["register", "status"].contains),
            "the kernel knows other formats here"))
    func aBinaryForAnotherMachineDoesNotRun() throws {
        let other = LaunchFailure.notExecutable(
            "cannot execute \(directory("program")): it is a program for another kind of machine")
        // S/390.
        #expect(try problem(program(machine: 22)) == other)
        let neither = LaunchFailure.notExecutable(
            "cannot execute \(directory("program")): it is neither a program nor a script")
        #expect(try problem(Array(program(machine: 62).prefix(40))) == neither)
        #expect(try problem([0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 52]) == neither)
    }

    /// As where a program of another image's C library is copied to.
    @Test func aProgramWhoseLoaderIsMissingIsNotFound() throws {
        let own = try SmallFile.read("/bin/sh", limit: 4096)
        let loader = Array("/lib".utf8)
        let start = try #require((0..<own.count - 4).first { own[$0..<$0 + 4].elementsEqual(loader) })
        var other = own
        other[start + 1] = UInt8(ascii: "x")
        let path = String(decoding: other[start...].prefix { $0 != 0 }, as: UTF8.self)
        #expect(
            try problem(other)
                == .notFound(
                    "cannot execute \(directory("program")): there is no \(path), the interpreter that it names"))
    }

    /// Whatever bytes there are: none may trap.
    @Test func anythingMayBeInAFile() throws {
        let own = try SmallFile.read("/bin/sh", limit: 4096)
        for length in stride(from: 0, through: 1200, by: 7) { _ = try problem(Array(own.prefix(length))) }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            var head = own
            for place in [Int.random(in: 4..<64), .random(in: 4..<64), .random(in: 64..<1024)] {
                head[place] = random.next()
            }
            _ = try problem(head)
        }
    }
}
