internal import CLinux
internal import Glibc

/// Reads the names in a directory.
package enum Directory {
    /// The names in a directory without `.` and `..`; nil if the directory cannot be read.
    package static func names(in path: String) -> [String]? {
        guard let stream = WaitingCall.on(path, { opendir(path) }) else { return nil }
        return rawNames(of: stream, path: path).map { name in
            String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// The names in an open directory, which is closed afterwards: C strings, since a name need not be UTF-8.
    static func rawNames(of directory: OpaquePointer, path: String) -> [[CChar]] {
        defer { closedir(directory) }
        var names: [[CChar]] = []
        while let entry = WaitingCall.on(path, { readdir(directory) }) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { start -> [CChar] in
                    Array(UnsafeBufferPointer(start: start, count: min(strlen(start), 255))) + [0]
                }
            }
            if name != [46, 0], name != [46, 46, 0] { names.append(name) }
        }
        return names
    }
}
