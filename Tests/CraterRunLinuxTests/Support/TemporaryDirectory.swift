import CLinux
import Glibc

@testable import CraterRunLinux

/// A directory that goes with its last user.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var name = Array("\(base)/crater-run-test.XXXXXX".utf8CString)
        path = try name.withUnsafeMutableBufferPointer { buffer in
            guard let made = buffer.baseAddress.flatMap({ mkdtemp($0) }) else {
                throw SystemCallError(call: "mkdtemp", number: errno)
            }
            return String(cString: made)
        }
    }

    deinit { Files.remove(path) }

    /// The path of something in it.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }
}

/// What tests do to files.
enum Files {
    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws {
        let descriptor = try systemCall("open", on: path) {
            clinux_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = try systemCall("write", on: path) {
                rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            }
            rest = rest.dropFirst(count)
        }
    }

    /// A script that can be executed.
    @discardableResult
    static func script(_ text: String, at path: String) throws -> String {
        try write("#!/bin/sh\n\(text)\n", to: path, mode: 0o755)
        return path
    }

    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws {
        try systemCall("mkdir", on: path) { mkdir(path, mode) }
    }

    static func link(_ path: String, to target: String) throws {
        try systemCall("symlink", on: path) { symlink(target, path) }
    }

    static func rename(_ path: String, to other: String) throws {
        try systemCall("rename", on: path) { Glibc.rename(path, other) }
    }

    /// Removes a file, a link, or a directory and everything in it.
    static func remove(_ path: String) {
        if unlink(path) == 0 { return }
        for name in Directory.names(in: path) ?? [] { remove("\(path)/\(name)") }
        rmdir(path)
    }
}
