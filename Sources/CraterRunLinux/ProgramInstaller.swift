internal import CLinux
internal import Glibc

/// Copies the program that runs into a directory, so that another container finds it there (an emptyDir).
///
/// At every moment there is the old program or the whole new one: the copy is made beside it and renamed over it, which
/// also works while the old one is being executed. A copy that fails leaves nothing behind.
package struct ProgramInstaller {
    private let source: String
    /// What is held of the program at a time, in bytes.
    private static let chunk = 1 << 18
    /// For everybody: the containers that are to use it may run as other users.
    private static let mode: mode_t = 0o755

    /// - Parameter source: the program. The kernel's own link to the one that runs holds on to it even where its file has
    ///   been replaced or deleted (proc_pid_exe(5)).
    package init(source: String = "/proc/self/exe") {
        self.source = source
    }

    /// Makes the directory if it is not there, and those above it.
    ///
    /// - Returns: the path of the program there.
    /// - Throws: ``SystemCallError`` on a path that the user knows, and not on that of the copy.
    package func install(as name: String, into directory: String) throws(SystemCallError) -> String {
        let input = try systemCall("open", on: source) { clinux_open(source, O_RDONLY | O_CLOEXEC, 0) }
        defer { close(input) }
        try Self.makeDirectories(directory)
        let path = Self.join(directory, name)
        // Nobody can guess the name, and nobody else's file is opened in its stead.
        let copy = Self.join(directory, ".\(name).\(String(ThisProcess.nonce(), radix: 16))")
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
        let output = try systemCall("open", on: directory) { clinux_open(copy, flags, 0o600) }
        do throws(SystemCallError) {
            try fill(output, from: input, path: path)
            try systemCall("rename", on: path) { rename(copy, path) }
        } catch {
            unlink(copy)
            throw error
        }
        return path
    }

    /// What the user can do about an error of ``install(as:into:)``; nil where there is nothing to say.
    package static func wayOut(of error: SystemCallError) -> String? {
        if error.subject.hasPrefix("/proc/") { return "crater-run needs /proc" }
        switch error.number {
        case ENOSPC, EDQUOT, EFBIG: return "make room there for the whole program, or name another directory"
        case EROFS: return "mount a volume there that can be written to, or name another directory"
        case EACCES, EPERM: return "name a directory that user \(geteuid()) may write to"
        case ENOTDIR: return "name a directory, not a file"
        case EISDIR: return "remove the directory of that name, or name another one"
        default: return nil
        }
    }

    /// Closes `output`.
    private func fill(_ output: Int32, from input: Int32, path: String) throws(SystemCallError) {
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        while true {
            let count = try systemCall("read", on: source) { read(input, &buffer, buffer.count) }
            if count == 0 { break }
            var rest = buffer[..<count]
            while !rest.isEmpty {
                let written = try systemCall("write", on: path) {
                    rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
                }
                rest = rest.dropFirst(written)
            }
        }
        // Whatever the umask; and on the disk before it takes the old one's place.
        try systemCall("fchmod", on: path) { fchmod(output, Self.mode) }
        try systemCall("fsync", on: path) { fsync(output) }
    }

    private static func makeDirectories(_ path: String) throws(SystemCallError) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            folder = folder.isEmpty ? String(part) : join(folder, String(part))
            if FileAccess.exists(folder) { continue }
            do throws(SystemCallError) {
                try systemCall("mkdir", on: folder) { mkdir(folder, mode) }
                try systemCall("chmod", on: folder) { chmod(folder, mode) }
            } catch {
                // Somebody else was faster.
                guard error.call == "mkdir", error.number == EEXIST else { throw error }
            }
        }
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }
}
