/// Finds the messages that a browser sends through a websocket (RFC 6455, section 5.2), and tells them from pings, pongs
/// and closes, which browsers send by themselves. The payload is neither kept nor read.
package struct MessageScanner: Equatable, Sendable {
    /// The shortest payload that counts, in bytes.
    private let shortest: UInt64
    /// The header that is being read, as far as it has come: of at most 14 bytes.
    private var header: [UInt8] = []
    /// How much of the last payload is to come.
    private var payload: UInt64 = 0

    package init(shortest: Int) { self.shortest = UInt64(clamping: shortest) }

    /// Takes the next bytes.
    ///
    /// - Returns: whether a frame of a message that counts begins in them.
    package mutating func scan(_ bytes: Span<UInt8>) -> Bool {
        var isMessage = false
        var index = 0
        while index < bytes.count {
            if payload > 0 {
                let skipped = min(payload, UInt64(bytes.count - index))
                payload -= skipped
                index += Int(skipped)
                continue
            }
            header.append(bytes[index])
            index += 1
            guard header.count >= 2, header.count == length else { continue }
            payload = size
            // 8 to 15 are control frames.
            if header[0] & 0x0F < 8, payload >= shortest { isMessage = true }
            header.removeAll(keepingCapacity: true)
        }
        return isMessage
    }

    /// How many bytes the header has.
    private var length: Int {
        let mask = header[1] & 0x80 == 0 ? 0 : 4
        return switch header[1] & 0x7F {
        case 126: 4 + mask
        case 127: 10 + mask
        default: 2 + mask
        }
    }

    /// The payload's size, once the header is whole.
    private var size: UInt64 {
        switch header[1] & 0x7F {
        case 126: header[2..<4].reduce(0) { $0 << 8 | UInt64($1) }
        case 127: header[2..<10].reduce(0) { $0 << 8 | UInt64($1) }
        case let size: UInt64(size)
        }
    }
}
