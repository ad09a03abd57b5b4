import CLinux
import CraterRunCore
import Foundation
import Testing

@testable import CraterRunLinux

/// With a directory of its own for each test.
@Suite(.timeLimit(.minutes(1)))
final class AnnotationsReaderTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "reader-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: directory) }

    private func path(_ name: String) -> String { directory.appending(path: name).path }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 1 << 20])
    func readsAWholeFile(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(bytes).write(to: directory.appending(path: "file"))
        #expect(AnnotationsReader.read(path: path("file")) == .success(bytes))
    }

    @Test func readsThroughTheKubeletsLinks() throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: path("..1"), withIntermediateDirectories: false)
        try Data("a".utf8).write(to: directory.appending(path: "..1/annotations"))
        try manager.createSymbolicLink(atPath: path("..data"), withDestinationPath: "..1")
        try manager.createSymbolicLink(atPath: path("annotations"), withDestinationPath: "..data/annotations")
        #expect(AnnotationsReader.read(path: path("annotations")) == .success(Array("a".utf8)))
    }

    @Test func readsAFileWhoseSizeIsNotTold() throws {
        let bytes = try AnnotationsReader.read(path: "/proc/self/status").get()
        #expect(bytes.starts(with: "Name:".utf8))
    }

    @Test func reportsAMissingFileAndADanglingLink() throws {
        #expect(AnnotationsReader.read(path: path("none")) == .failure(.missing(path: path("none"))))
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "none")
        #expect(AnnotationsReader.read(path: path("link")) == .failure(.missing(path: path("link"))))
        #expect(AnnotationsReader.read(path: "") == .failure(.missing(path: "")))
    }

    @Test func readsNothingButRegularFiles() throws {
        #expect(AnnotationsReader.read(path: path("")) == .failure(.notAFile(path: path(""), kind: "a directory")))
        #expect(mkfifo(path("fifo"), 0o600) == 0)
        #expect(AnnotationsReader.read(path: path("fifo")) == .failure(.notAFile(path: path("fifo"), kind: "a FIFO")))
        #expect(
            AnnotationsReader.read(path: "/dev/zero") == .failure(.notAFile(path: "/dev/zero", kind: "a device"))
        )
    }

    @Test func reportsAFileThatCannotBeOpened() throws {
        #expect(symlink("loop", path("loop")) == 0)
        #expect(
            AnnotationsReader.read(path: path("loop"))
                == .failure(.unreadable(path: path("loop"), reason: systemErrorText(ELOOP)))
        )
    }

    @Test(.enabled(if: getuid() != 0, "root may read everything"))
    func saysThatTheModeForbidsIt() throws {
        try Data().write(to: directory.appending(path: "secret"))
        #expect(chmod(path("secret"), 0) == 0)
        #expect(AnnotationsReader.read(path: path("secret")) == .failure(.permissionDenied(path: path("secret"))))
    }

    @Test func readsUpToTheLimitAndNoFurther() throws {
        let limit = AnnotationsReadFailure.sizeLimit
        #expect(FileManager.default.createFile(atPath: path("big"), contents: nil))
        #expect(truncate(path("big"), off_t(limit)) == 0)
        #expect(try AnnotationsReader.read(path: path("big")).get().count == limit)
        #expect(truncate(path("big"), off_t(limit + 1)) == 0)
        #expect(AnnotationsReader.read(path: path("big")) == .failure(.tooLarge(path: path("big"))))
    }
}
