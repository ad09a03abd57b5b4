/// An IP address of this machine at which a process listens.
package struct HostAddress: Hashable, Sendable, CustomStringConvertible {
    /// In network byte order: 4 of IPv4, 16 of IPv6.
    package let bytes: [UInt8]

    package static let loopback = HostAddress(bytes: [127, 0, 0, 1])
    private static let loopback6 = HostAddress(bytes: Array(repeating: 0, count: 15) + [1])
    /// The beginning of an IPv4 address in IPv6's clothes.
    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// An address as /proc/net/tcp and tcp6 have it: 32-bit words in the host's byte order, which is little-endian wherever
    /// this runs. 127.0.0.1 is `0100007F`. Nil for other text.
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

    /// Whether it stands for all addresses.
    package var isAny: Bool { bytes.allSatisfy { $0 == 0 } }

    package var isLoopback: Bool {
        isVersion6
            ? self == HostAddress.loopback6 || bytes.starts(with: HostAddress.mapped) && bytes[12] == 127
            : bytes.first == 127
    }

    /// The address at which to ask who listens at this one.
    package var target: HostAddress { isAny ? (isVersion6 ? HostAddress.loopback6 : .loopback) : self }

    package var description: String {
        if bytes.starts(with: HostAddress.mapped) { return HostAddress(bytes: Array(bytes.dropFirst(12))).description }
        guard isVersion6 else { return bytes.map { String($0) }.joined(separator: ".") }
        let words = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        // The longest run of zeros is left out (RFC 5952).
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
