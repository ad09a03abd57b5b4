/// Gathers a header's name while the parser reads it, and recognises it as a ``KnownHeader`` without comparing texts.
///
/// The name is packed into three words of eight bytes in lower case, so that one look into a table of words says which
/// name it is. Names that are longer than 24 bytes are none of the known ones.
struct HeaderNameReader {
    private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private var length = 0
    private var hasUnderscore = false

    /// - Parameter byte: a byte that a token may have.
    mutating func append(_ byte: UInt8) {
        // Sets the bit that makes an upper-case letter lower-case. Digits and the hyphen have the bit. Other bytes may
        // become another byte, and no known name has any of either.
        var folded = UInt64(byte | 0x20)
        if byte == UInt8(ascii: "_") {
            folded = UInt64(UInt8(ascii: "-"))
            hasUnderscore = true
        }
        switch length {
        case 0..<8: words.0 = words.0 << 8 | folded
        case 8..<16: words.1 = words.1 << 8 | folded
        case 16..<24: words.2 = words.2 << 8 | folded
        default: break
        }
        length &+= 1
    }

    /// The header of this name; nil for a name that the door does not know.
    var known: KnownHeader? {
        var slot = hash
        // The table is never full, so an empty slot ends the search.
        while let entry = Self.table[slot] {
            if entry.name.length == length, entry.name.words == words {
                return hasUnderscore ? entry.header.underscored : entry.header
            }
            slot = (slot &+ 1) & Self.mask
        }
        return nil
    }

    private typealias Entry = (name: HeaderNameReader, header: KnownHeader)

    private static let mask = 127

    private var hash: Int {
        let mixed =
            (words.0 ^ words.1 &* 3 ^ words.2 &* 5 ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 57)
    }

    private static let table: [Entry?] = {
        var table = [Entry?](repeating: nil, count: mask + 1)
        for header in KnownHeader.allCases where header != .underscoredForwarded {
            var reader = HeaderNameReader()
            header.name.utf8.forEach { reader.append($0) }
            var slot = reader.hash
            while table[slot] != nil { slot = (slot + 1) & mask }
            table[slot] = (reader, header)
        }
        return table
    }()
}

extension KnownHeader {
    /// What a name with an underscore in the place of a hyphen is. Apps that are given headers as variables (WSGI, CGI) read
    /// `X_Forwarded_Prefix` as `X-Forwarded-Prefix`, so that a client could say by it what only a proxy may say.
    fileprivate var underscored: KnownHeader? {
        switch self {
        case .xForwardedFor, .xForwardedProto, .xForwardedHost, .xForwardedPrefix: .underscoredForwarded
        default: nil
        }
    }
}
