internal import CLinux
internal import Glibc
internal import Synchronization

/// Random secrets.
enum Secret {
    private static let size = 24

    /// 48 hexadecimal digits: the platform's page can read them, and Jupyter's own tokens have as many.
    static func make() throws(SystemCallError) -> String {
        var bytes = [UInt8](repeating: 0, count: size)
        if getentropy(&bytes, size) != 0 {
            // A kernel or sandbox without the call.
            bytes = Array(try SmallFile.read("/dev/urandom", limit: size).prefix(size))
        }
        guard bytes.count == size else { throw SystemCallError(call: "getentropy", number: EIO) }
        return bytes.map { Hexadecimal.digits(of: $0) }.joined()
    }
}
