/// The classes of bytes that heads are made of (RFC 9110, 5.6.2 and 5.5).
enum HeaderSyntax {
    /// A bit for each byte below 64 that a token may have, and then for each from 64 to 127.
    private static let tokenLow: UInt64 = bits("!#$%&'*+-.0123456789", from: 0)
    private static let tokenHigh: UInt64 = bits(
        "^_`|~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", from: 64)

    static func isTokenByte(_ byte: UInt8) -> Bool {
        byte < 64 ? tokenLow >> UInt64(byte) & 1 == 1 : byte < 128 && tokenHigh >> UInt64(byte - 64) & 1 == 1
    }

    private static func bits(_ characters: String, from first: UInt8) -> UInt64 {
        characters.utf8.reduce(0) { $0 | 1 << UInt64($1 &- first) }
    }
}
