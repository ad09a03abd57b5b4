import Testing

@testable import CraterRunCore

/// Which bytes of a websocket are a person's messages (RFC 6455, section 5.2).
struct MessageScannerTests {
    /// A frame as a browser sends it: masked, and with a payload that looks like frames.
    private static func frame(_ opcode: UInt8, _ length: Int, isMasked: Bool = true) -> [UInt8] {
        let mask: UInt8 = isMasked ? 0x80 : 0
        var frame = [0x80 | opcode]
        switch length {
        case ..<126: frame.append(mask | UInt8(length))
        case ..<65_536: frame += [mask | 126, UInt8(length >> 8), UInt8(length & 255)]
        default: frame += [mask | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        }
        return frame + (isMasked ? [1, 2, 3, 4] : []) + Array(repeating: 0x81, count: length)
    }

    private static let (text, binary, close, ping, pong): (UInt8, UInt8, UInt8, UInt8, UInt8) = (1, 2, 8, 9, 10)

    private func count(_ bytes: [UInt8], by size: Int, shortest: Int = 0) -> Int {
        var scanner = MessageScanner(shortest: shortest)
        return stride(from: 0, to: bytes.count, by: size).count { start in
            scanner.scan(Array(bytes[start..<min(start + size, bytes.count)]).span)
        }
    }

    @Test(arguments: [1, 2, 3, 7, 1_000_000], [0, 1, 125, 126, 65_535, 65_536])
    func controlFramesAreNoMessages(size: Int, length: Int) {
        let frames = Self.frame(Self.ping, min(length, 125)) + Self.frame(Self.pong, 0) + Self.frame(Self.close, 2)
        #expect(count(frames, by: size) == 0)
        for opcode in [0, Self.text, Self.binary] {
            let message = Self.frame(opcode, length) + frames
            #expect(count(message, by: size) == 1, "\(opcode)")
            #expect(count(frames + Self.frame(opcode, length, isMasked: false) + frames, by: size) == 1)
        }
    }

    @Test func eachMessageCounts() {
        let both = Self.frame(Self.text, 300) + Self.frame(Self.pong, 4) + Self.frame(Self.binary, 70_000)
        #expect(count(both, by: 1) == 2)
        #expect(count(both, by: 310) == 2 && count(both, by: both.count) == 1)
    }

    @Test(arguments: [(13, 0), (14, 1), (70_000, 1)])
    func shortOnesDoNotIfTheAppSaysSo(length: Int, messages: Int) {
        #expect(count(Self.frame(Self.binary, length), by: 1, shortest: 14) == messages)
    }

    /// Lengths from nowhere, and bytes that are no websocket.
    @Test func whateverTheBytesAreNothingTraps() {
        #expect(count([0x82, 0xFF] + Array(repeating: 0xFF, count: 30), by: 4, shortest: .max) == 1)
        var random = SplitMix(seed: 3)
        let bytes = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect(count(bytes, by: 17) > 0)
    }
}
