internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A NULL-terminated list of strings, as execve(2) takes it.
final class CStringList {
    let start: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let strings: [CString]

    /// - Parameter room: how many more pointers to have room for.
    init(_ strings: [[UInt8]], room: Int = 0) {
        self.strings = strings.map(CString.init)
        start = .allocate(capacity: strings.count + room + 1)
        start.initialize(repeating: nil, count: strings.count + room + 1)
        for (offset, string) in self.strings.enumerated() { start[offset] = string.start }
    }

    deinit { start.deallocate() }
}
