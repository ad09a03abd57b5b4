import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct LoginStoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var environment: [[UInt8]] { [Array("CRATER_RUN_DIR=\(directory("run"))".utf8)] }

    private func store(_ nonce: UInt64 = 0xABC, directory: String? = nil) -> LoginStore {
        LoginStore(RunStorage(nonce: nonce, environment: environment), directory: directory)
    }

    @Test func aRandomKeyStaysTheSameOverRestarts() throws {
        let key = try store().key(from: .random, for: "tensorboard")
        #expect(key.text.count == 48 && key.text.allSatisfy(\.isHexDigit))
        // As a supervisor that follows another finds it.
        #expect(try store().key(from: .random, for: "tensorboard") == key)
        #expect(try store().key(from: .random, for: "jupyter") != key)
        // As the next run finds it, after the end of the first one.
        let next = store(0xABD)
        RunStorage(nonce: 0xABC, environment: environment).directory.remove()
        #expect(access(directory("run/abc"), F_OK) != 0)
        #expect(try next.key(from: .random, for: "tensorboard") == key)
    }

    @Test func aDamagedKeyIsMadeAnew() throws {
        let key = try store().key(from: .random, for: "tensorboard")
        for damage in ["", "short", String(repeating: "x", count: 5000)] {
            try Files.write(damage, to: directory("run/.logins/tensorboard.key"), mode: 0o600)
            let new = try store().key(from: .random, for: "tensorboard")
            #expect(new.text.count == 48 && new != key)
        }
    }

    /// A full disk, a directory in the file's place, or one that others can look into: the app is served all the same, with
    /// a key that no other user has seen.
    @Test(arguments: [true, false]) func whereAKeyCannotBeKeptTheAppIsServed(isOpenToAll: Bool) throws {
        try Files.makeDirectory(directory("run"))
        try Files.makeDirectory(directory("run/.logins"))
        if isOpenToAll {
            try Files.write("a key of somebody else's", to: directory("run/.logins/tensorboard.key"), mode: 0o644)
            #expect(chmod(directory("run/.logins"), 0o755) == 0)
        } else {
            #expect(chmod(directory("run/.logins"), 0o700) == 0)
            try Files.makeDirectory(directory("run/.logins/tensorboard.key"))
        }
        let store = store()
        let key = try store.key(from: .random, for: "tensorboard")
        #expect(key.text.count == 48)
        #expect(try store.key(from: .random, for: "tensorboard") == key)
    }

    @Test func nobodyElseCanReadIt() throws {
        _ = try store().key(from: .random, for: "a b/c")
        let path = directory("run/.logins/a%20b%2Fc.key")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func aKeyOfTheUsersOwnIsTaken() throws {
        let key = try LoginKey("my own key")
        #expect(try store().key(from: .given(key), for: "tensorboard") == key)
    }

    @Test func aKeyIsReadFromAFile() throws {
        try Files.write("a key in a file\n", to: directory("key"), mode: 0o600)
        #expect(try store().key(from: .file(path: directory("key")), for: "x").text == "a key in a file")
        let relative = store(directory: directory(""))
        #expect(try relative.key(from: .file(path: "./key"), for: "x").text == "a key in a file")
    }

    @Test func aFileWithoutAKeyIsNamed() throws {
        try Files.write("short", to: directory("short"), mode: 0o600)
        for name in ["missing", "short"] {
            #expect { try store().key(from: .file(path: directory(name)), for: "x") } throws: { error in
                guard case .noKey(let file?, _) = error as? LaunchFailure else { return false }
                return file == directory(name)
            }
        }
    }
}
