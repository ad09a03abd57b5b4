internal import CLinux
internal import Glibc

/// The one directory of a crater-run run that nobody else can look into: tokens, runtime files, stand-in homes. Its name is
/// the run's nonce, so that a supervisor that takes over from a dead one finds what that one left.
///
/// Made when first needed. Where it would be is decided anew each time, by what is there and not by what was said before.
package struct PrivateDirectory {
    private let name: String
    private let bases: [RunDirectory]

    /// - Parameters:
    ///   - nonce: the run's.
    ///   - environment: crater-run's own, for CRATER_RUN_DIR and TMPDIR.
    package init(nonce: UInt64, environment: [[UInt8]] = ProcessEnvironment.entries()) {
        let variables = HostProbe(environment: environment)
        name = String(nonce, radix: 16)
        let temporary =
            (["TMPDIR", "TEMP", "TMP"].compactMap { variables.value($0) } + ["/var/tmp"])
            + [variables.value("XDG_RUNTIME_DIR"), "/dev/shm", "/run"].compactMap { $0 }
        bases = RunDirectory.usual(variables) + temporary.filter { $0.hasPrefix("/") }.map { RunDirectory.below($0) }
    }

    /// Where it is, or would be made; nil if there is no place for it.
    package var path: String? {
        let places = bases.filter(\.isUsable)
        let there = places.first { isPrivate("\($0.path)/\(name)") }
        return (there ?? places.first).map { "\($0.path)/\(name)" }
    }

    /// An app's own directory in it.
    package func path(for app: String) -> String? {
        path.map { "\($0)/\(app)" }
    }

    /// Makes it, unless it is there.
    ///
    /// - Throws: ``SystemCallError``; EPERM where what is there is not ours alone.
    package func make() throws(SystemCallError) {
        guard let path, let base = bases.first(where: { path == "\($0.path)/\(name)" }) else {
            throw SystemCallError(call: "mkdir", number: EACCES)
        }
        try base.make()
        try RunDirectory.make(path, mode: 0o700)
        guard isPrivate(path) else { throw SystemCallError(call: "mkdir", subject: path, number: EPERM) }
    }

    /// Makes a directory below it, and those in between, for the owner alone.
    package func make(below path: String) throws(SystemCallError) {
        try make()
        guard let root = self.path, path.hasPrefix("\(root)/") else { return }
        var folder = root
        for part in path.dropFirst(root.count).split(separator: "/") {
            folder += "/\(part)"
            try RunDirectory.make(folder, mode: 0o700)
        }
    }

    /// Removes it with all that is in it, if it is there. What cannot be removed stays.
    package func remove() {
        for base in bases where isPrivate("\(base.path)/\(name)") {
            Self.removeTree("\(base.path)/\(name)")
        }
    }

    // MARK: Looks

    /// Whether this is a directory of ours that nobody else can enter, and no link to one.
    private func isPrivate(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
        return status.st_uid == geteuid() && status.st_mode & 0o077 == 0
    }

    /// Follows no link.
    private static func removeTree(_ path: String) {
        for name in Directory.names(in: path) ?? [] {
            let entry = "\(path)/\(name)"
            var status = stat()
            guard lstat(entry, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { removeTree(entry) } else { unlink(entry) }
        }
        rmdir(path)
    }
}
