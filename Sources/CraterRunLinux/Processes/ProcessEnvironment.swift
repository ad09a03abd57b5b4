internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The environment that crater-run was started with, as bytes.
package enum ProcessEnvironment {
    /// The entries, `NAME=value` each.
    package static func entries() -> [[UInt8]] {
        clinux_environment().map(bytes) ?? []
    }

    /// The bytes of each string in a NULL-terminated list.
    static func bytes(of list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> [[UInt8]] {
        var cursor = list
        var strings: [[UInt8]] = []
        while let string = cursor.pointee {
            strings.append(Array(UnsafeRawBufferPointer(start: string, count: strlen(string))))
            cursor += 1
        }
        return strings
    }
}
