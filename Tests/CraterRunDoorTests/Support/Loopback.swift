import CraterRunLinux
import Glibc

/// Sockets at 127.0.0.1.
enum Loopback {
    @discardableResult
    static func with<Result>(port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result) throws
        -> Result
    {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// A socket that listens at a port of the kernel's choice.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = try systemCall("socket") { socket(AF_INET, type, 0) }
        try with(port: 0) { address, size in try systemCall("bind") { bind(descriptor, address, size) } }
        try systemCall("listen") { Glibc.listen(descriptor, 64) }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
