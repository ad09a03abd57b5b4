/// An IP address of this machine at which a process listens.
package struct HostAddress: Hashable, Sendable, CustomStringConvertible {
    /// In network byte order: 4 bytes for IPv4, 16 bytes for IPv6.
    package let bytes: [UInt8]

    package static let loopback = HostAddress(bytes: [127, 0, 0, 1])
    private static let loopback6 = HostAddress(bytes: Array(repeating: 0, count: 15) + [1])
    /// The first 12 bytes of an IPv4-mapped IPv6 address (`::ffff:127.0.0.1`).
    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Parses an address of /proc/net/tcp or /proc/net/tcp6, which has 32-bit words in the host's byte order:
    /// `0100007F` for 127.0.0.1. The byte order is little-endian wherever crater-run runs. Nil for other text.
    init?(kernelWords text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 8 || digits.count == 32 else { return nil }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 8) {
            guard let word = UInt32(String(decoding: digits[start..<start + 8], as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32($0 * 8)) }
        }
        self.bytes = bytes
    }

    package var isVersion6: Bool { bytes.count == 16 }

    /// Whether the address is 0.0.0.0 or `::`, which stands for all addresses.
    package var isAny: Bool { bytes.allSatisfy { $0 == 0 } }

    package var isLoopback: Bool {
        isVersion6
            ? self == HostAddress.loopback6 || bytes.starts(with: HostAddress.mapped) && bytes[12] == 127
            : bytes.first == 127
    }

    /// The address to connect to, in order to reach a process that listens at this address.
    package var target: HostAddress { isAny ? (isVersion6 ? HostAddress.loopback6 : .loopback) : self }

    package var description: String {
        if bytes.starts(with: HostAddress.mapped) { return HostAddress(bytes: Array(bytes.dropFirst(12))).description }
        guard isVersion6 else { return bytes.map { String($0) }.joined(separator: ".") }
        let words = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        // `::` replaces the longest run of zero words (RFC 5952).
        var longest = 0..<0
        var start = 0
        for (index, word) in words.enumerated() {
            if word != 0 { start = index + 1 } else if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        let texts = words.map { String($0, radix: 16) }
        guard longest.count > 1 else { return texts.joined(separator: ":") }
        return texts[..<longest.lowerBound].joined(separator: ":") + "::"
            + texts[longest.upperBound...].joined(separator: ":")
    }
}
