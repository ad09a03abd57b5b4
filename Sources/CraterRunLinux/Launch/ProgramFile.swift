package import CraterRunCore
internal import Glibc

/// Predicts, by a file's first bytes, what execve(2), and the shell after it, would make of the file.
enum ProgramFile {
    private static let shell = "/bin/sh"

    /// - Throws: ``LaunchFailure``, if the file would not run; ``LaunchFailure/temporary(_:)`` if that cannot be known.
    static func check(_ path: String) throws(LaunchFailure) {
        // A file that cannot be read may still be executable.
        guard let head = (try? SmallFile.readRegular(path, limit: 4096))?.prefix(4096) else { return }
        if head.starts(with: "#!".utf8) {
            let line = String(decoding: head.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            let words = line.split { $0 == " " || $0 == "\t" }
            if let interpreter = words.first { try check(interpreter: String(interpreter), of: path) }
        } else if let file = ELFFile(head) {
            if let machine = ELFFile.own?.machine, !file.runs(on: machine), !hasOtherFormats {
                throw .notExecutable("cannot execute \(path): it is a program for another kind of machine")
            }
            if let loader = file.loader { try check(interpreter: loader, of: path) }
        } else if head.prefix(while: { $0 != UInt8(ascii: "\n") }).contains(0) || ELFFile.isOne(head) {
            guard !hasOtherFormats else { return }
            throw .notExecutable("cannot execute \(path): it is neither a program nor a script")
        } else if FileAccess.executable(at: shell) != .yes {
            throw .notExecutable("cannot execute \(path): it has no #! line, and there is no \(shell) to run it")
        }
    }

    private static func check(interpreter: String, of path: String) throws(LaunchFailure) {
        switch FileAccess.executable(at: interpreter) {
        case .yes: return
        case .missing:
            throw .notFound("cannot execute \(path): there is no \(interpreter), the interpreter that it names")
        case .no(let reason):
            throw .notExecutable("cannot execute \(path): \(interpreter), the interpreter that it names: \(reason)")
        case .unknown(let reason):
            throw .temporary("cannot look at \(interpreter), the interpreter of \(path): \(reason)")
        }
    }

    /// Whether the kernel executes other formats too (qemu, wine).
    private static var hasOtherFormats: Bool {
        let names = Directory.names(in: "/proc/sys/fs/binfmt_misc") ?? []
        return names.contains { !["register", "status"].contains($0) }
    }
}

/// The head of an ELF file (elf(5)), as far as it decides whether the file can be executed.
private struct ELFFile {
    private static let magic: [UInt8] = [0x7F] + "ELF".utf8
    private static let is64Bit: UInt8 = 2
    private static let interpreterSegment: UInt64 = 3

    static func isOne(_ head: some Collection<UInt8>) -> Bool { head.starts(with: magic) }

    static let own = (try? SmallFile.read("/proc/self/exe", limit: 64)).flatMap { ELFFile($0[...]) }

    let machine: UInt64
    private let bytes: [UInt8]

    /// Nil for anything else, and for a head that is cut short.
    init?(_ head: ArraySlice<UInt8>) {
        bytes = Array(head)
        guard ELFFile.isOne(bytes), bytes.count >= 52, let machine = ELFFile.number(in: bytes, at: 18, size: 2) else {
            return nil
        }
        self.machine = machine
    }

    /// A 64-bit machine also runs the 32-bit programs of its family.
    func runs(on own: UInt64) -> Bool {
        let (i386, arm, x86, aarch64): (UInt64, UInt64, UInt64, UInt64) = (3, 40, 62, 183)
        return machine == own || (own, machine) == (x86, i386) || (own, machine) == (aarch64, arm)
    }

    /// The path of the dynamic loader; nil if the file has none, or if the path is beyond the bytes that were read.
    var loader: String? {
        guard bytes[4] == ELFFile.is64Bit, let table = number(at: 32, size: 8), let size = number(at: 54, size: 2),
            let count = number(at: 56, size: 2)
        else { return nil }
        for index in 0..<count {
            let entry = table &+ index &* size
            guard let type = number(at: entry, size: 4) else { return nil }
            guard type == ELFFile.interpreterSegment else { continue }
            guard let offset = number(at: entry &+ 8, size: 8), let start = Int(exactly: offset), start < bytes.count
            else { return nil }
            let path = bytes[start...].prefix { $0 != 0 }
            return path.endIndex < bytes.count ? String(decoding: path, as: UTF8.self) : nil
        }
        return nil
    }

    private func number(at offset: UInt64, size: Int) -> UInt64? { ELFFile.number(in: bytes, at: offset, size: size) }

    /// A little-endian number; nil if it is beyond the end.
    private static func number(in bytes: [UInt8], at offset: UInt64, size: Int) -> UInt64? {
        guard let start = Int(exactly: offset), start <= bytes.count - size else { return nil }
        return bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension HostProbe {
    /// The file that would be executed for a job of this name.
    ///
    /// - Throws: ``LaunchFailure``.
    package func jobProgram(named name: String) throws(LaunchFailure) -> String {
        let path = try program(named: name)
        try ProgramFile.check(path)
        return path
    }
}
