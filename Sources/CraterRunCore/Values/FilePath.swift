/// Takes paths of files apart, without asking the host.
package enum FilePath {
    /// The directory in which a path's last part is: `/a` for `/a/b`, `/` for `/b`; nil for a path without a slash.
    package static func directory(of path: String) -> String? {
        guard let slash = path.utf8.lastIndex(of: Byte.slash) else { return nil }
        return slash == path.utf8.startIndex ? "/" : String(decoding: path.utf8[..<slash], as: UTF8.self)
    }

    /// The path of the file `name` in the directory of `path`, such as `/a/c` for the file `c` beside `/a/b`.
    package static func beside(_ path: String, _ name: String) -> String {
        guard let slash = path.utf8.lastIndex(of: Byte.slash) else { return name }
        return String(decoding: path.utf8[...slash], as: UTF8.self) + name
    }

    /// The last part of a path: `b` for `/a/b`.
    package static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: Byte.slash) else { return path }
        return String(decoding: path.utf8[slash...].dropFirst(), as: UTF8.self)
    }
}
