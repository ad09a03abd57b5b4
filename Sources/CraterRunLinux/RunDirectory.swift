internal import CLinux
internal import Glibc

/// A directory in which crater-run may keep what belongs to its runs: the sockets that users ask at, and the private directories.
struct RunDirectory {
    let path: String
    /// Its mode if it has to be made; nil where that is not ours to do.
    let mode: mode_t?
    /// Whether others may write there: so with a place that the user named, and with one that has to be ours.
    let isTrusted: Bool

    /// The places where everybody looks, best first: what the user named, /run/crater-run, /tmp/crater-run-<uid>. Others can enter
    /// them, since a job behind sudo is another user than its probes.
    static func usual(_ environment: HostProbe) -> [RunDirectory] {
        (environment.value("CRATER_RUN_DIR").map { [RunDirectory(path: $0, mode: 0o755, isTrusted: true)] } ?? [])
            + [RunDirectory(path: "/run/crater-run", mode: 0o755, isTrusted: false), below("/tmp", mode: 0o755)]
    }

    /// Our own in a directory that is everybody's.
    static func below(_ directory: String, mode: mode_t = 0o700) -> RunDirectory {
        RunDirectory(path: "\(directory)/crater-run-\(geteuid())", mode: mode, isTrusted: false)
    }

    /// Whether it can be had: /tmp is everybody's, and a directory of our name there may be another's trap.
    var isUsable: Bool {
        var status = stat()
        guard (isTrusted ? stat(path, &status) : lstat(path, &status)) == 0 else {
            guard errno == ENOENT, mode != nil else { return false }
            return FileAccess.isWritableDirectory(parent)
        }
        guard status.st_mode & S_IFMT == S_IFDIR, FileAccess.isWritableDirectory(path) else { return false }
        return isTrusted || status.st_uid == geteuid() && status.st_mode & 0o022 == 0
    }

    /// Makes it, unless it is there.
    ///
    /// - Throws: ``SystemCallError``; EPERM where what is there cannot be used.
    func make() throws(SystemCallError) {
        if let mode, !FileAccess.exists(path) { try RunDirectory.make(path, mode: mode) }
        guard isUsable else { throw SystemCallError(call: "mkdir", subject: path, number: EPERM) }
    }

    static func make(_ path: String, mode: mode_t) throws(SystemCallError) {
        do throws(SystemCallError) {
            try systemCall("mkdir", on: path) { mkdir(path, mode) }
        } catch {
            guard error.number == EEXIST else { throw error }
            return
        }
        // Whatever the umask left of the mode.
        try systemCall("chmod", on: path) { chmod(path, mode) }
    }

    private var parent: String { "/" + path.split(separator: "/").dropLast().joined(separator: "/") }
}
