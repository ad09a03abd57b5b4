import CLinux
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct ProgramInstallerTests {
    private let directory: TemporaryDirectory
    private let content = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    init() throws {
        directory = try TemporaryDirectory()
        try Files.write(content, to: directory("program"))
    }

    private func install(into path: String) throws(SystemCallError) -> String {
        try ProgramInstaller(source: directory("program")).install(as: "x", into: path)
    }

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    @Test func copiesEveryByteForEverybodyWhateverTheUmask() async throws {
        try await OwnProcess.run {
            umask(0o777)
            let path = try install(into: directory("a/b/"))
            #expect(path == directory("a/b/x"))
            #expect(mode(path) == 0o755 && mode(directory("a")) == 0o755 && mode(directory("a/b")) == 0o755)
            #expect(try SmallFile.read(path) == content)
            #expect(Directory.names(in: directory("a/b")) == ["x"])
        }
    }

    /// So that what is made there belongs to the group of the directory above, as long as anything is.
    @Test func aDirectoryKeepsTheSetGroupIDBit() async throws {
        try await OwnProcess.run {
            try Files.makeDirectory(directory("shared"))
            chmod(directory("shared"), 0o2775)
            for mask: mode_t in [0o022, 0o777] {
                umask(mask)
                let path = try install(into: directory("shared/\(mask)/b"))
                #expect(mode(directory("shared/\(mask)")) == 0o2755 && mode(directory("shared/\(mask)/b")) == 0o2755)
                #expect(mode(path) == 0o755)
                #expect(umask(0o022) == mask)
            }
        }
    }

    /// Somebody who can write there puts something of root's in the place of what has just been made.
    @Test func nothingElseGetsAMode() throws {
        try Files.makeDirectory(directory("kept"), mode: 0o700)
        try Files.link(directory("link"), to: directory("kept"))
        _ = try install(into: directory("link"))
        #expect(mode(directory("kept")) == 0o700)
        #expect(Directory.names(in: directory("kept")) == ["x"])
    }

    @Test func replacesWhatIsThereAndLeavesItsOpenFileAlone() throws {
        try Files.makeDirectory(directory("bin"), mode: 0o700)
        try Files.write("old", to: directory("bin/x"))
        let old = clinux_open(directory("bin/x"), O_RDONLY | O_CLOEXEC, 0)
        defer { close(old) }
        for _ in 0..<2 {
            _ = try install(into: directory("bin"))
            #expect(try SmallFile.read(directory("bin/x")) == content)
        }
        // What runs from the old file goes on with it.
        var status = stat()
        #expect(fstat(old, &status) == 0 && status.st_size == 3)
        #expect(mode(directory("bin")) == 0o700)
        #expect(Directory.names(in: directory("bin")) == ["x"])
    }

    @Test func replacesALinkAndNotWhatItLeadsTo() throws {
        try Files.makeDirectory(directory("bin"))
        try Files.write("kept", to: directory("kept"))
        try Files.link(directory("bin/x"), to: directory("kept"))
        _ = try install(into: directory("bin"))
        #expect(try SmallFile.read(directory("kept")) == Array("kept".utf8))
    }

    @Test func copiesAProgramWhoseFileIsGone() throws {
        let program = clinux_open(directory("program"), O_RDONLY | O_CLOEXEC, 0)
        defer { close(program) }
        Files.remove(directory("program"))
        let installer = ProgramInstaller(source: "/proc/self/fd/\(program)")
        #expect(try SmallFile.read(installer.install(as: "x", into: directory("bin"))) == content)
    }

    @Test func leavesNothingBehindWhereItFails() throws {
        try Files.makeDirectory(directory("bin"))
        try Files.makeDirectory(directory("bin/x"))
        let error = #expect(throws: SystemCallError.self) { try install(into: directory("bin")) }
        #expect(error == SystemCallError(call: "renameat", subject: directory("bin/x"), number: EISDIR))
        #expect(Directory.names(in: directory("bin")) == ["x"])
        // A directory cannot be read: the copy fails after it was begun.
        #expect(throws: SystemCallError(call: "read", subject: directory.path, number: EISDIR)) {
            try ProgramInstaller(source: directory.path).install(as: "y", into: directory("bin"))
        }
        #expect(Directory.names(in: directory("bin")) == ["x"])
    }

    @Test func refusesAFileForADirectory() throws {
        for path in [directory("program"), directory("program/bin")] {
            let error = #expect(throws: SystemCallError.self) { try install(into: path) }
            #expect(error?.number == ENOTDIR && error?.subject == path)
        }
    }
}
