import Glibc
import Testing

@testable import CraterRunLinux

/// What a directory that is held does, whatever happens to names in it.
@Suite(.timeLimit(.minutes(5))) struct HeldDirectoryTests {
    private let directory: TemporaryDirectory
    private let held: HeldDirectory

    init() throws {
        directory = try TemporaryDirectory()
        held = try HeldDirectory.named(directory.path)
    }

    private func mode(_ name: String) -> mode_t? { try? held.status(of: name).mode }

    @Test(arguments: ["", ".", "..", "a/b", "/x", "a\0b"]) func aNameHasOnePart(name: String) {
        #expect(throws: SystemCallError.self) { try held.status(of: name) }
        #expect(throws: SystemCallError.self) { try held.directory(name) }
        #expect(throws: SystemCallError.self) { try held.makeDirectory(name, mode: 0o700) }
        #expect(throws: SystemCallError.self) { try held.write([], to: "\(name)/x") }
        #expect(throws: SystemCallError.self) { try held.readRegular(name, limit: 9) }
        held.remove(name)
        #expect(held.names() == [])
    }

    @Test func followsNoLink() throws {
        try Files.write("kept", to: directory("kept"), mode: 0o600)
        try Files.makeDirectory(directory("folder"))
        for (link, target) in [("file", "kept"), ("dir", "folder")] { try Files.link(directory(link), to: target) }
        #expect(throws: SystemCallError.self) { try held.readRegular("file", limit: 9) }
        #expect(throws: SystemCallError.self) { try held.directory("dir") }
        #expect(throws: SystemCallError.self) { try held.makeDirectory("dir", mode: 0o700) }
        #expect(throws: SystemCallError.self) { try held.setMode(of: "file", to: 0o666) }
        #expect(mode("kept") == 0o600)
        // Written in its place, and not through it.
        try held.write(Array("new".utf8), to: "file", mode: 0o644)
        try Files.link(directory("other.new"), to: "kept")
        try held.write(Array("new".utf8), to: "other")
        #expect(try held.readRegular("kept", limit: 9) == Array("kept".utf8))
        #expect(mode("file") == 0o644 && mode("other") == 0o600)
        held.remove("dir")
        #expect(held.names()?.sorted() == ["file", "folder", "kept", "other"])
    }

    @Test func waitsForNoFIFO() throws {
        mkfifo(directory("fifo"), 0o666)
        #expect(throws: SystemCallError.self) { try held.readRegular("fifo", limit: 9) }
        #expect(throws: SystemCallError.self) { try held.directory("fifo") }
        try held.write([1], to: "fifo")
        #expect(try held.readRegular("fifo", limit: 9) == [1])
        mkfifo(directory("mark"), 0o666)
        // Neither a reader nor a writer is there.
        #expect(throws: SystemCallError.self) { try SmallFile.write("x", to: directory("mark")) }
    }

    @Test func whatIsDeepGoesAsFarAsItCan() throws {
        var below = try held.makeDirectory("deep", mode: 0o700)
        try below.write([1], to: "token")
        for _ in 0..<200 { below = try below.makeDirectory("x", mode: 0o700) }
        held.remove("deep")
        // What is beyond stays; the file is gone, and no stack or descriptor was used up.
        #expect(!FileAccess.exists(directory("deep/token")) && FileAccess.exists(directory("deep")))
    }
}
