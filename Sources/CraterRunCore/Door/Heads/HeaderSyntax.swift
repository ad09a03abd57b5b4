/// The classes of bytes that heads are made of, and lists of values (RFC 9110, 5.6; RFC 3986, 3.2).
enum HeaderSyntax {
    /// A byte of a method or of a header's name: a letter, a digit, or one of ``!#$%&'*+-.^_`|~``.
    static func isTokenByte(_ byte: UInt8) -> Bool {
        isIn(0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE, byte)
    }

    /// A byte of a Host header: a letter, a digit, or one of `-._~%!$&'()*+,;=:[]`.
    static func isHostByte(_ byte: UInt8) -> Bool {
        isIn(0x2FFF_7FF2_0000_0000, 0x47FF_FFFE_AFFF_FFFE, byte)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == Byte.space || byte == Byte.tab }

    /// The slice without the spaces and tabs at both ends.
    static func trimmed(_ slice: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = slice
        while let first = slice.first, isSpace(first) { slice.removeFirst() }
        while let last = slice.last, isSpace(last) { slice.removeLast() }
        return slice
    }

    /// Calls `body` with each member of a list that is separated by commas. Empty members are left out.
    static func forEachMember(of list: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
        var rest = list
        while !rest.isEmpty {
            let end = rest.firstIndex(of: Byte.comma) ?? rest.endIndex
            let member = trimmed(rest[rest.startIndex..<end])
            if !member.isEmpty { body(member) }
            rest = rest[end...].dropFirst()
        }
    }

    /// Whether the bytes are this text in any case of its ASCII letters.
    static func equals(_ slice: ArraySlice<UInt8>, ignoringCase text: String) -> Bool {
        slice.count == text.utf8.count && starts(slice, withIgnoringCase: text)
    }

    /// Whether the bytes begin with this text in any case of its ASCII letters.
    static func starts(_ slice: ArraySlice<UInt8>, withIgnoringCase text: String) -> Bool {
        var position = slice.startIndex
        for byte in text.utf8 {
            guard position < slice.endIndex, Byte.lowercase(slice[position]) == Byte.lowercase(byte) else {
                return false
            }
            position += 1
        }
        return true
    }

    /// - Parameters:
    ///   - low: a bit for each byte below 64.
    ///   - high: a bit for each byte from 64 to 127.
    private static func isIn(_ low: UInt64, _ high: UInt64, _ byte: UInt8) -> Bool {
        if byte < 64 { return low >> UInt64(byte) & 1 == 1 }
        return byte < 128 && high >> UInt64(byte & 63) & 1 == 1
    }
}
