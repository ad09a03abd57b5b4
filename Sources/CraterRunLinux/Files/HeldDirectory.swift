internal import CLinux
internal import Glibc

/// A directory that is held by a descriptor: what is done in it is done in this very directory, wherever its path leads by then.
///
/// Everything takes a name of one part, never follows a link, and never waits: a FIFO that somebody put there is refused.
package final class HeldDirectory: Sendable {
    /// For calls that take a directory's descriptor. It has no other rights (O_PATH).
    let descriptor: Int32
    /// Where it was found, without links.
    package let path: String

    private init(taking descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// The root directory.
    static func root() throws(SystemCallError) -> HeldDirectory {
        HeldDirectory(taking: try systemCall("open", on: "/") { clinux_hold(AT_FDCWD, "/") }, path: "/")
    }

    /// The path of something in it.
    func path(of name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    /// The same by the descriptor, for calls that take a path alone, and a short one (bind(2), connect(2)).
    func descriptorPath(of name: String) -> String { "/proc/self/fd/\(descriptor)/\(name)" }

    /// A name of one part.
    private func checked(_ name: String) throws(SystemCallError) -> String {
        guard !name.isEmpty, name != ".", name != "..",
            !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
        else { throw SystemCallError(call: "openat", subject: path(of: name), number: EINVAL) }
        return name
    }

    // MARK: - Looks

    func status() throws(SystemCallError) -> FileStatus { try FileStatus(of: descriptor, named: path) }

    /// - Throws: ``SystemCallError``; ENOENT where there is nothing of that name.
    func status(of name: String) throws(SystemCallError) -> FileStatus {
        let name = try checked(name)
        var status = stat()
        try systemCall("fstatat", on: path(of: name)) { fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) }
        return FileStatus(status)
    }

    /// Whether it has been removed since.
    var isGone: Bool { (try? status().links) ?? 0 == 0 }

    /// Why we cannot make anything in it; nil if we can.
    var obstacle: SystemCallError? {
        do throws(SystemCallError) {
            try systemCall("faccessat", on: path) { clinux_accessible(descriptor, ".", W_OK | X_OK) }
            return nil
        } catch { return error }
    }

    /// The names in it but `.` and `..`; nil if it cannot be read.
    func names() -> [String]? {
        rawNames()?.map { String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) }
    }

    private func rawNames() -> [[CChar]]? {
        guard let own = try? openDescriptor() else { return nil }
        guard let stream = fdopendir(own) else {
            close(own)
            return nil
        }
        return Directory.rawNames(of: stream, path: path)
    }

    /// A regular file's content.
    ///
    /// - Parameter limit: more than this many bytes are not read.
    /// - Throws: ``SystemCallError``; EINVAL where it is anything but a regular file.
    func readRegular(_ name: String, limit: Int) throws(SystemCallError) -> [UInt8] {
        let name = try checked(name)
        let descriptor = try systemCall("openat", on: path(of: name)) {
            clinux_open_at(
                self.descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0)
        }
        defer { close(descriptor) }
        return try SmallFile.readRegular(descriptor, path: path(of: name), limit: limit)
    }

    // MARK: - Directories in it

    /// Anything in it, held as it is: not followed if it is a link.
    func hold(_ name: String) throws(SystemCallError) -> (HeldDirectory, FileStatus) {
        let held = HeldDirectory(
            taking: try systemCall("openat", on: path(of: name)) { clinux_hold(descriptor, name) },
            path: path(of: name))
        return (held, try held.status())
    }

    /// The directory above it.
    func parent(at path: String) throws(SystemCallError) -> HeldDirectory {
        HeldDirectory(taking: try systemCall("openat", on: path) { clinux_hold(descriptor, "..") }, path: path)
    }

    /// A directory in it.
    ///
    /// - Throws: ``SystemCallError``; ENOTDIR where it is anything else, a link among them.
    func directory(_ name: String) throws(SystemCallError) -> HeldDirectory {
        let (held, status) = try hold(checked(name))
        guard status.kind == .directory else {
            throw SystemCallError(call: "openat", subject: path(of: name), number: ENOTDIR)
        }
        return held
    }

    /// A directory by the user's own words, where a link leads to, too.
    ///
    /// - Parameter here: where the path begins, unless at the root; nil: in the working directory.
    static func named(_ path: String, from here: HeldDirectory? = nil) throws(SystemCallError) -> HeldDirectory {
        HeldDirectory(
            taking: try systemCall("open", on: path) { clinux_hold_directory(here?.descriptor ?? AT_FDCWD, path) },
            path: path)
    }

    /// Makes a directory that nobody but us can have made: it belongs to us, and has this mode, whatever the umask.
    ///
    /// - Returns: the same one if it is there already and belongs to us; its mode stays as it is then.
    /// - Throws: ``SystemCallError``; EPERM where what is there is another user's.
    func makeDirectory(_ name: String, mode: mode_t) throws(SystemCallError) -> HeldDirectory {
        let name = try checked(name)
        var isNew = true
        do throws(SystemCallError) {
            try systemCall("mkdirat", on: path(of: name)) { mkdirat(descriptor, name, mode) }
        } catch {
            guard error.number == EEXIST else { throw error }
            isNew = false
        }
        let made = try directory(name)
        let status = try made.status()
        guard status.owner == geteuid() else {
            throw SystemCallError(call: "mkdirat", subject: path(of: name), number: EPERM)
        }
        if isNew, status.mode & 0o777 != mode { try setMode(of: name, to: mode) }
        return made
    }

    /// The target of a link that this stands for (``hold(_:)``).
    func target() throws(SystemCallError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = try systemCall("readlinkat", on: path) {
            buffer.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map {
                    readlinkat(descriptor, "", $0.assumingMemoryBound(to: CChar.self), bytes.count)
                } ?? -1
            }
        }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    // MARK: - Changes

    /// A file that was not there, open for writing; the caller's to close.
    func create(_ name: String) throws(SystemCallError) -> Int32 {
        let name = try checked(name)
        return try systemCall("openat", on: path(of: name)) {
            clinux_open_at(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
    }

    /// Sets the mode of what has this name, unless it is a link. For a directory that nobody else can make files in: a name
    /// there stays what it was.
    func setMode(of name: String, to mode: mode_t) throws(SystemCallError) {
        let name = try checked(name)
        try systemCall("fchmodat", on: path(of: name)) { fchmodat(descriptor, name, mode, AT_SYMLINK_NOFOLLOW) }
    }

    /// Sets this directory's own mode.
    func setMode(_ mode: mode_t) throws(SystemCallError) {
        let own = try openDescriptor()
        defer { close(own) }
        try systemCall("fchmod", on: path) { fchmod(own, mode) }
    }

    /// Writes a file instead of one that is there: whole, or not at all.
    func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws(SystemCallError) {
        let new = "\(name).new"
        remove(new)
        let descriptor = try create(new)
        do throws(SystemCallError) {
            defer { close(descriptor) }
            // Whatever the umask left of it; and before there is anything to read.
            try systemCall("fchmod", on: path(of: new)) { fchmod(descriptor, mode) }
            try SmallFile.writeAll(bytes, to: descriptor, path: path(of: new))
            try rename(new, to: name)
        } catch {
            remove(new)
            throw error
        }
    }

    func rename(_ name: String, to other: String) throws(SystemCallError) {
        let (name, other) = (try checked(name), try checked(other))
        try systemCall("renameat", on: path(of: other)) { renameat(descriptor, name, descriptor, other) }
    }

    /// Removes what has this name, a directory with all that is in it. What cannot be removed stays.
    func remove(_ name: String) {
        guard (try? checked(name)) != nil else { return }
        remove(Array(name.utf8CString), depth: 0)
    }

    /// Removes a file alone: for a directory in which others may put something else in its place.
    func unlink(_ name: String) { _ = Glibc.unlinkat(descriptor, name, 0) }

    /// A tree that is deeper stays in part: each level takes a descriptor.
    private static let deepest = 100

    private func remove(_ name: [CChar], depth: Int) {
        guard unlinkat(descriptor, name, 0) == -1, errno == EISDIR || errno == EPERM, depth < HeldDirectory.deepest
        else {
            return
        }
        let held = clinux_hold(descriptor, name)
        guard held != -1 else { return }
        let below = HeldDirectory(taking: held, path: path)
        guard (try? below.status().kind) == .directory else { return }
        if below.rawNames() == nil { fchmodat(descriptor, name, 0o700, AT_SYMLINK_NOFOLLOW) }
        for entry in below.rawNames() ?? [] { below.remove(entry, depth: depth + 1) }
        unlinkat(descriptor, name, AT_REMOVEDIR)
    }

    /// A descriptor of this directory that can be read, locked and given a mode; the caller's to close.
    func openDescriptor() throws(SystemCallError) -> Int32 {
        try systemCall("openat", on: path) {
            clinux_open_at(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
    }
}
