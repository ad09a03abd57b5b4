internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A copy of a string that C can take.
final class CString {
    let start: UnsafeMutablePointer<CChar>

    /// Anything after a NUL is lost, as C has it.
    init(_ string: [UInt8]) {
        start = .allocate(capacity: string.count + 1)
        for (offset, byte) in string.enumerated() { (start + offset).initialize(to: CChar(bitPattern: byte)) }
        (start + string.count).initialize(to: 0)
    }

    deinit { start.deallocate() }
}
