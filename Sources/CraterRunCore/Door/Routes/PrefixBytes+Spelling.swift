/// Other spellings of a prefix: `%78` is an `x` (RFC 3986, section 6.2.2.2), and some clients and proxies write it so.
extension PrefixBytes {
    /// Where the prefix ends in a path that is at the prefix or below it: at the path's end, or before a slash. Nil for
    /// every other path.
    ///
    /// An encoded slash separates nothing: `/a%2Fb` is not below `/a`.
    func end(in path: ArraySlice<UInt8>) -> Int? {
        if path.starts(with: withoutSlash) {
            let end = path.startIndex + withoutSlash.count
            return end == path.endIndex || path[end] == Byte.slash ? end : nil
        }
        guard path.contains(UInt8(ascii: "%")) || withSlash.contains(UInt8(ascii: "%")) else { return nil }
        var (own, rest) = (withoutSlash, path)
        while let wanted = PrefixBytes.popCharacter(&own) {
            guard let found = PrefixBytes.popCharacter(&rest), found == wanted else { return nil }
        }
        return rest.isEmpty || rest.first == Byte.slash ? rest.startIndex : nil
    }

    /// The next byte or escape, decoded. An encoded slash, which no prefix has, becomes a number that is no byte.
    private static func popCharacter(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
        guard let byte = rest.popFirst() else { return nil }
        let digits = rest.prefix(2).compactMap(Byte.hexValue)
        guard byte == UInt8(ascii: "%"), digits.count == 2 else { return UInt32(byte) }
        rest = rest.dropFirst(2)
        let value = digits[0] << 4 | digits[1]
        return value == UInt32(Byte.slash) ? .max : value
    }
}
