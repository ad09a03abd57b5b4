internal import CLinux
internal import Glibc

/// Copies the running program into a directory (an emptyDir), so that another container finds it there.
///
/// At every moment the directory has the old program or the complete new one: the copy is made beside the old program
/// and renamed over it, which also works while the old program is being executed. A copy that fails leaves nothing
/// behind.
package struct ProgramInstaller {
    private let source: String
    /// How many bytes of the program are copied at a time.
    private static let chunk = 1 << 18
    /// Everybody may execute the program: the containers that use it may run as other users.
    private static let mode: mode_t = 0o755

    /// - Parameter source: the program. The kernel's link to the running program works even if its file has been
    ///   replaced or deleted (proc_pid_exe(5)).
    package init(source: String = "/proc/self/exe") {
        self.source = source
    }

    /// Installs the program. Makes the directory and those above it, if they do not exist.
    ///
    /// - Returns: the program's path there.
    /// - Throws: ``SystemCallError`` about a path that the user knows, not about the copy's.
    package func install(as name: String, into directory: String) throws(SystemCallError) -> String {
        let input = try systemCall("open", on: source) { clinux_open(source, O_RDONLY | O_CLOEXEC, 0) }
        defer { close(input) }
        let path = Self.join(directory, name)
        let held = try Self.makeDirectories(directory)
        // Nobody can guess the name, so no file of another user is opened instead.
        let copy = ".\(name).\(String(ThisProcess.nonce(), radix: 16))"
        let output = try Self.naming(directory) { () throws(SystemCallError) in try held.create(copy) }
        do throws(SystemCallError) {
            try fill(output, from: input, path: path)
            try Self.naming(path) { () throws(SystemCallError) in try held.rename(copy, to: name) }
        } catch {
            held.unlink(copy)
            throw error
        }
        return path
    }

    /// Runs `body`, and makes its error name a path that the user knows.
    private static func naming<Result>(
        _ path: String, _ body: () throws(SystemCallError) -> Result
    ) throws(SystemCallError) -> Result {
        do throws(SystemCallError) { return try body() } catch {
            throw SystemCallError(call: error.call, subject: path, number: error.number)
        }
    }

    /// What the user can do about an error of ``install(as:into:)``; nil if there is nothing to say.
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

    /// Copies the program, and closes `output`.
    private func fill(_ output: Int32, from input: Int32, path: String) throws(SystemCallError) {
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: Self.chunk)
        while true {
            let count = try systemCall("read", on: source) { read(input, &buffer, buffer.count) }
            if count == 0 { break }
            try SmallFile.writeAll(Array(buffer[..<count]), to: output, path: path)
        }
        // The mode is set whatever the umask, and the copy is on the disk before it replaces the old program.
        try systemCall("fchmod", on: path) { fchmod(output, Self.mode) }
        try systemCall("fsync", on: path) { fsync(output) }
    }

    /// Holds the directory. Makes it and those above it, if they do not exist.
    private static func makeDirectories(_ path: String) throws(SystemCallError) -> HeldDirectory {
        var here = try HeldDirectory.named(path.hasPrefix("/") ? "/" : ".")
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").map(String.init) {
            folder = folder.isEmpty ? part : join(folder, part)
            do throws(SystemCallError) { here = try HeldDirectory.named(part, from: here) } catch {
                guard error.number == ENOENT else {
                    throw SystemCallError(call: error.call, subject: path, number: error.number)
                }
                try makeDirectory(part, in: here, path: folder)
                let above = here
                here = try naming(path) { () throws(SystemCallError) in try HeldDirectory.named(part, from: above) }
            }
        }
        return here
    }

    /// Makes a directory with its mode from the first instant, so that nobody can make a later chmod(2) hit something
    /// else. The directory keeps the set-group-ID bit that it gets from its parent.
    private static func makeDirectory(
        _ name: String, in directory: HeldDirectory, path: String
    ) throws(SystemCallError) {
        // This process does nothing but install, so the change of umask harms nothing else.
        let mask = umask(0)
        defer { umask(mask) }
        do throws(SystemCallError) {
            try systemCall("mkdir", on: path) { mkdirat(directory.descriptor, name, mode) }
        } catch {
            // Another process was faster.
            guard error.number == EEXIST else { throw error }
        }
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
    }
}
