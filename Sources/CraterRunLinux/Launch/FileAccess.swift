internal import CraterRunCore
internal import CLinux
internal import Glibc

/// Questions about files that stat(2) and access(2) answer.
package enum FileAccess {
    /// Whether a path leads to a file that can be executed.
    package enum Executable: Equatable {
        case yes
        case no(reason: String)
        /// It cannot be known now: the file system fails, and may work again.
        case unknown(reason: String)
        case missing
    }

    /// Whether there is a file that can be executed.
    package static func executable(at path: String) -> Executable {
        do throws(SystemCallError) {
            var status = stat()
            try systemCall("stat", on: path) { stat(path, &status) }
            guard status.st_mode & S_IFMT == S_IFREG else { return .no(reason: "it is not a file") }
            try systemCall("access", on: path) { access(path, X_OK) }
            return .yes
        } catch {
            if error.call == "stat", [ENOENT, ENOTDIR].contains(error.number) { return .missing }
            return error.isOfFileSystem ? .unknown(reason: error.reason) : .no(reason: error.reason)
        }
    }

    package static func exists(_ path: String) -> Bool {
        (try? systemCall("access", on: path) { access(path, F_OK) }) != nil
    }

    package static func isReadable(_ path: String) -> Bool {
        (try? systemCall("access", on: path) { access(path, R_OK) }) != nil
    }

    /// The path as the mount table has it: absolute and without links; unchanged if nothing is there.
    static func resolved(_ path: String) -> String {
        guard let resolved = WaitingCall.on(path, { realpath(path, nil) }) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Whether files can be created in this directory; a read-only file system refuses root too.
    package static func isWritableDirectory(_ path: String) -> Bool {
        var status = stat()
        guard (try? systemCall("stat", on: path) { stat(path, &status) }) != nil, status.st_mode & S_IFMT == S_IFDIR
        else { return false }
        return (try? systemCall("access", on: path) { access(path, W_OK | X_OK) }) != nil
    }
}
