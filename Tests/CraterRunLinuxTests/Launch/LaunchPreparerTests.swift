import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct LaunchPreparerTests {
    private let directory: TemporaryDirectory
    private let preparer: LaunchPreparer

    init() throws {
        directory = try TemporaryDirectory()
        let entry = Array("CRATER_RUN_DIR=\(directory("run"))".utf8)
        preparer = LaunchPreparer(
            storage: RunStorage(nonce: 0xABC, environment: [entry]), app: "app",
            environment: [Array("TOKEN=own".utf8)])
    }

    private var app: String { directory("run/abc/app") }

    private func content(_ path: String) throws -> String {
        String(decoding: try SmallFile.read(path), as: UTF8.self)
    }

    @Test func aTokenIsMadeOnce() throws {
        let path = "\(app)/token"
        try preparer.prepare([.token(at: .file(path: path))])
        let token = try content(path)
        #expect(token.utf8.count == 48)
        #expect(token.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        try preparer.prepare([.token(at: .file(path: path))])
        #expect(try content(path) == token)
        #expect(Directory.names(in: app) == ["token"])
        try preparer.prepare([.token(at: .file(path: "\(app)/other"))])
        #expect(try content("\(app)/other") != token)
    }

    @Test func aHalfWrittenTokenOfADeadProcessIsNoObstacle() throws {
        try preparer.prepare([.directory(path: app)])
        try Files.write("half", to: "\(app)/token.new", mode: 0o600)
        try preparer.prepare([.token(at: .file(path: "\(app)/token"))])
        #expect(try content("\(app)/token").utf8.count == 48)
    }

    @Test func aRuntimeDirectoryLosesWhatAnEarlierRunLeft() throws {
        let runtime = Preparation.runtimeDirectory(path: "\(app)/runtime", without: ["jpserver-", "kernel-"])
        try preparer.prepare([runtime])
        for name in ["jpserver-17.json", "kernel-1.json", "jupyter_cookie_secret", "nbserver-17.json"] {
            try Files.write("x", to: "\(app)/runtime/\(name)", mode: 0o600)
        }
        try preparer.prepare([runtime])
        #expect(Directory.names(in: "\(app)/runtime")?.sorted() == ["jupyter_cookie_secret", "nbserver-17.json"])
    }

    /// Whatever runs in the app can write there.
    @Test func whatIsNoFileIsNoToken() throws {
        let path = "\(app)/token"
        try preparer.prepare([.directory(path: app)])
        try Files.write("elsewhere", to: directory("elsewhere"))
        for trap in ["fifo", "link", "directory", "empty"] {
            Files.remove(path)
            switch trap {
            case "fifo": mkfifo(path, 0o600)
            case "link": try Files.link(path, to: directory("elsewhere"))
            case "directory": try Files.makeDirectory(path)
            default: try Files.write("", to: path)
            }
            if trap == "directory" {
                #expect(throws: SystemCallError.self) { try preparer.prepare([.token(at: .file(path: path))]) }
            } else {
                try preparer.prepare([.token(at: .file(path: path))])
                #expect(try content(path).utf8.count == 48, "\(trap)")
            }
        }
        #expect(try content(directory("elsewhere")) == "elsewhere")
    }

    @Test func aFileIsWrittenAnew() throws {
        let path = "\(app)/python/plugin.py"
        for text in ["import this\n", ""] {
            try preparer.prepare([.file(path: path, text: text)])
            #expect(try content(path) == text)
        }
    }

    @Test func aVariableGoesToAFile() throws {
        try preparer.prepare([.variable("TOKEN", at: .file(path: "\(app)/own-token"))])
        #expect(try content("\(app)/own-token") == "own")
    }

    @Test func aSecretInMemoryStaysTheSameAndCannotBeChanged() throws {
        let first = try #require(preparer.prepare([.token(at: .descriptor(3))]).first)
        let path = "/proc/self/fd/\(first.file.descriptor)"
        let token = try content(path)
        #expect(token.utf8.count == 48 && first.target == 3)
        // Each opens it from its beginning.
        #expect(try content(path) == token)
        #expect(throws: SystemCallError.self) { try SmallFile.write("x", to: path) }
        #expect(ftruncate(first.file.descriptor, 0) == -1)
        let second = try #require(preparer.prepare([.token(at: .descriptor(3))]).first)
        #expect(try content("/proc/self/fd/\(second.file.descriptor)") == token)
        let own = try #require(preparer.prepare([.variable("TOKEN", at: .descriptor(5))]).first)
        #expect(try content("/proc/self/fd/\(own.file.descriptor)") == "own" && own.target == 5)
        #expect(!FileAccess.exists(directory("run")))
    }
}
