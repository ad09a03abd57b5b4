import Glibc
import Testing

@testable import CraterRunLinux

@Suite struct SystemCallTests {
    @Test func repeatsACallThatWasInterrupted() throws {
        var calls = 0
        let result = try systemCall("read") {
            calls += 1
            guard calls < 4 else { return 7 }
            errno = EINTR
            return -1
        }
        #expect(result == 7)
        #expect(calls == 4)
    }

    @Test func capturesErrnoBeforeAnythingCanChangeIt() {
        let spoiler: () -> String = {
            errno = EPERM
            return "/x"
        }
        #expect(throws: SystemCallError(call: "open", subject: "/x", number: ENOENT)) {
            try systemCall("open", on: spoiler()) {
                errno = ENOENT
                return -1
            }
        }
    }

    @Test func takesNoResultButMinusOneForAFailure() throws {
        errno = EINTR
        #expect(try systemCall("x") { Int32(-2) } == -2)
        #expect(try systemCall("x") { 0 } == 0)
    }

    @Test func saysWhichCallFailedOnWhatAndWhy() {
        #expect(
            "\(SystemCallError(call: "open", subject: "/x", number: ENOENT))" == "open /x: No such file or directory")
        #expect("\(SystemCallError(call: "epoll_create1", number: EMFILE))" == "epoll_create1: Too many open files")
        #expect(systemErrorText(99_999).contains("99999"))
    }

    @Test func readsAFileWhole() throws {
        let directory = try TemporaryDirectory()
        let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        try Files.write(content, to: directory("file"))
        #expect(try SmallFile.read(directory("file")) == content)
        #expect(try SmallFile.read(directory("file"), limit: 1).count <= 4096)
        #expect(throws: SystemCallError(call: "open", subject: directory("none"), number: ENOENT)) {
            try SmallFile.read(directory("none"))
        }
        #expect(throws: SystemCallError(call: "read", subject: directory.path, number: EISDIR)) {
            try SmallFile.read(directory.path)
        }
    }

    @Test func readsLinksAndDirectories() throws {
        let directory = try TemporaryDirectory()
        try Files.link(directory("link"), to: "..data/annotations")
        try Files.write("", to: directory(".hidden"))
        #expect(SmallFile.link(directory("link")) == "..data/annotations")
        #expect(SmallFile.link(directory(".hidden")) == nil)
        #expect(SmallFile.link(directory("none")) == nil)
        #expect(Directory.names(in: directory.path)?.sorted() == [".hidden", "link"])
        #expect(Directory.names(in: directory("none")) == nil)
        let longest = String(repeating: "n", count: 255)
        try Files.write("", to: directory(longest))
        #expect(Directory.names(in: directory.path)?.contains(longest) == true)
    }
}
