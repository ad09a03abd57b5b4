internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A copy of a string for C.
final class CString {
    let start: UnsafeMutablePointer<CChar>

    /// For C, the string ends at its first NUL.
    init(_ string: [UInt8]) {
        start = .allocate(capacity: string.count + 1)
        for (offset, byte) in string.enumerated() { (start + offset).initialize(to: CChar(bitPattern: byte)) }
        (start + string.count).initialize(to: 0)
    }

    deinit { start.deallocate() }
}
