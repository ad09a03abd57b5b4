internal import CLinux
internal import Glibc

/// A directory that is held open: each call acts on this very directory, even if its path leads elsewhere by then.
///
/// Every call takes a name without slashes and never follows a link. No call waits for another process: a FIFO that
/// another user put there is refused.
package final class HeldDirectory: Sendable {
    /// For calls that take a directory's descriptor. It gives no other rights (O_PATH).
    let descriptor: Int32
    /// The path at which the directory was found, without links.
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

    /// The path of an entry.
    func path(of name: String) -> String { path == "/" ? "/\(name)" : "\(path)/\(name)" }

    /// A path of an entry by the descriptor, for calls that take only a path, and a short one (bind(2), connect(2)).
    func descriptorPath(of name: String) -> String { "/proc/self/fd/\(descriptor)/\(name)" }

    /// The name, if it has one part.
    private func checked(_ name: String) throws(SystemCallError) -> String {
        guard !name.isEmpty, name != ".", name != "..",
            !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
        else { throw SystemCallError(call: "openat", subject: path(of: name), number: EINVAL) }
        return name
    }

    // MARK: - Looks

    func status() throws(SystemCallError) -> FileStatus { try FileStatus(of: descriptor, named: path) }

    /// - Throws: ``SystemCallError``; ENOENT if there is no entry of that name.
    func status(of name: String) throws(SystemCallError) -> FileStatus {
        let name = try checked(name)
        var status = stat()
        try systemCall("fstatat", on: path(of: name)) { fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) }
        return FileStatus(status)
    }

    /// Whether the directory has been removed.
    var isGone: Bool { (try? status().links) ?? 0 == 0 }

    /// Why we cannot create entries; nil if we can.
    var obstacle: SystemCallError? {
        do throws(SystemCallError) {
            try systemCall("faccessat", on: path) { clinux_accessible(descriptor, ".", W_OK | X_OK) }
            return nil
        } catch { return error }
    }

    /// The names of the entries without `.` and `..`; nil if the directory cannot be read.
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
    /// - Parameter limit: reading stops after this many bytes.
    /// - Throws: ``SystemCallError``; EINVAL if the entry is not a regular file.
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

    /// Holds any entry as it is: a link is not followed.
    func hold(_ name: String) throws(SystemCallError) -> (HeldDirectory, FileStatus) {
        let held = HeldDirectory(
            taking: try systemCall("openat", on: path(of: name)) { clinux_hold(descriptor, name) },
            path: path(of: name))
        return (held, try held.status())
    }

    /// The parent directory.
    func parent(at path: String) throws(SystemCallError) -> HeldDirectory {
        HeldDirectory(taking: try systemCall("openat", on: path) { clinux_hold(descriptor, "..") }, path: path)
    }

    /// A directory among the entries.
    ///
    /// - Throws: ``SystemCallError``; ENOTDIR if the entry is anything else, even a link to a directory.
    func directory(_ name: String) throws(SystemCallError) -> HeldDirectory {
        let (held, status) = try hold(checked(name))
        guard status.kind == .directory else {
            throw SystemCallError(call: "openat", subject: path(of: name), number: ENOTDIR)
        }
        return held
    }

    /// A directory by a user's path, in which links are followed.
    ///
    /// - Parameter here: where a relative path begins; nil for the working directory.
    static func named(_ path: String, from here: HeldDirectory? = nil) throws(SystemCallError) -> HeldDirectory {
        HeldDirectory(
            taking: try systemCall("open", on: path) { clinux_hold_directory(here?.descriptor ?? AT_FDCWD, path) },
            path: path)
    }

    /// Makes a directory that only we can have made: it belongs to us, and has this mode, whatever the umask.
    ///
    /// - Returns: the existing directory, if there is one that belongs to us; its mode stays as it is.
    /// - Throws: ``SystemCallError``; EPERM if the existing entry is another user's.
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

    /// The target of the link that is held (``hold(_:)``).
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

    /// Creates a new file, open for writing; the caller closes it.
    func create(_ name: String) throws(SystemCallError) -> Int32 {
        let name = try checked(name)
        return try systemCall("openat", on: path(of: name)) {
            clinux_open_at(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
    }

    /// Sets an entry's mode, unless the entry is a link. Only for a directory in which no other user can create files,
    /// so that the name still means the same entry.
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

    /// Writes a file, and replaces an existing one: with all its bytes, or not at all.
    func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws(SystemCallError) {
        let new = "\(name).new"
        remove(new)
        let descriptor = try create(new)
        do throws(SystemCallError) {
            defer { close(descriptor) }
            // Set the mode whatever the umask, before there is anything to read.
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

    /// Removes an entry; a directory with everything in it. What cannot be removed stays.
    func remove(_ name: String) {
        guard (try? checked(name)) != nil else { return }
        remove(Array(name.utf8CString), depth: 0)
    }

    /// Removes a file, but never a directory: for a place where others may have replaced the entry.
    func unlink(_ name: String) { _ = Glibc.unlinkat(descriptor, name, 0) }

    /// How deep a tree is removed, since each level takes a descriptor; deeper levels stay.
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

    /// A descriptor of this directory that can be read, locked and given a mode; the caller closes it.
    func openDescriptor() throws(SystemCallError) -> Int32 {
        try systemCall("openat", on: path) {
            clinux_open_at(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        }
    }
}
