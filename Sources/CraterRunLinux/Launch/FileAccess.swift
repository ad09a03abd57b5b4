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
            if error.isOfFileSystem { return .unknown(reason: error.reason) }
            let closed = error.number == EACCES ? closedDirectory(on: path) : nil
            return .no(reason: closed.map { "\(error.reason): this user may not enter \($0)" } ?? error.reason)
        }
    }

    /// The directory on the way to a file that this user may not enter; nil if there is none. Links are followed.
    private static func closedDirectory(on path: String, links: Int = 8) -> String? {
        let names = path.split(separator: "/")
        guard path.hasPrefix("/") else { return nil }
        for count in 1...max(1, names.count) {
            let place = "/" + names.prefix(count).joined(separator: "/")
            guard (try? systemCall("access", on: place) { access(place, X_OK) }) == nil else { continue }
            // It is a link, or it cannot be entered, or it cannot be looked at, since it is in such a directory.
            guard let target = SmallFile.link(place) else { return count < names.count ? place : nil }
            let rest = names.dropFirst(count).map { "/\($0)" }.joined()
            let next = target.hasPrefix("/") ? target : FilePath.beside(place, target)
            return links == 0 ? place : closedDirectory(on: next + rest, links: links - 1)
        }
        return nil
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
    package static func isWritableDirectory(_ path: String) -> Bool { isDirectory(path, mode: W_OK | X_OK) }

    /// Whether the files in this directory can be listed and looked at.
    package static func isReadableDirectory(_ path: String) -> Bool { isDirectory(path, mode: R_OK | X_OK) }

    static func isDirectory(_ path: String, mode: Int32 = F_OK) -> Bool {
        var status = stat()
        guard (try? systemCall("stat", on: path) { stat(path, &status) }) != nil, status.st_mode & S_IFMT == S_IFDIR
        else { return false }
        return (try? systemCall("access", on: path) { access(path, mode) }) != nil
    }
}
