import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

@Suite(.timeLimit(.minutes(5))) struct LoginStoreTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func store(_ nonce: UInt64 = 0xABC, directory: String? = nil) -> LoginStore {
        let environment = [Array("CRATER_RUN_DIR=\(self.directory("run"))".utf8)]
        return LoginStore(RunStorage(nonce: nonce, environment: environment), directory: directory)
    }

    @Test func aRandomKeyStaysTheSameForARun() throws {
        let key = try store().key(from: .random, for: "tensorboard")
        #expect(key.text.count == 48 && key.text.allSatisfy(\.isHexDigit))
        // As a supervisor that follows another finds it.
        #expect(try store().key(from: .random, for: "tensorboard") == key)
        #expect(try store().key(from: .random, for: "jupyter") != key)
        #expect(try store(0xABD).key(from: .random, for: "tensorboard") != key)
    }

    @Test func nobodyElseCanReadIt() throws {
        _ = try store().key(from: .random, for: "a b/c")
        let path = directory("run/abc/.logins/a%20b%2Fc.key")
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
