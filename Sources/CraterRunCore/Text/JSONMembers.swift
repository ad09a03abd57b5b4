/// The members of a JSON object as slices of its text, not decoded.
///
/// A decoder returns a dictionary, which hides that a key occurs twice, and a number's value, which hides how the
/// number was written. A decoder also recurses, so the nesting must be known to be shallow before it is called. This
/// type finds the members and checks the depth in one pass without recursion. It does not check the grammar: the
/// decoder does.
struct JSONMembers {
    /// How deep arrays and objects may nest. A rule needs a depth of 1.
    static let depthLimit = 32

    /// The keys with their quotes, and the values, both without surrounding white space.
    private(set) var members: [(key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []

    init(_ bytes: ArraySlice<UInt8>) throws(RuleProblem.Reason) {
        guard Self.trim(bytes).first == UInt8(ascii: "{") else { throw .notAnObject }
        var depth = 0
        var start = bytes.startIndex
        var colon: Int?
        var isInString = false
        var isEscaped = false
        for (index, byte) in zip(bytes.indices, bytes) {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == Byte.backslash {
                    isEscaped = true
                } else if byte == Byte.doubleQuote {
                    isInString = false
                }
                continue
            }
            switch byte {
            case Byte.doubleQuote:
                isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= Self.depthLimit else { throw .tooDeep }
                if depth == 1 { start = index + 1 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 1, !(members.isEmpty && Self.trim(bytes[start..<index]).isEmpty) {
                    try append(bytes[start..<index], colon: colon)
                }
                depth -= 1
                guard depth >= 0 else { throw .notJSON }
            case Byte.colon where depth == 1 && colon == nil:
                colon = index
            case UInt8(ascii: ",") where depth == 1:
                try append(bytes[start..<index], colon: colon)
                start = index + 1
                colon = nil
            default: break
            }
        }
    }

    /// A comma before the closing brace leaves a member without a colon. The decoder would accept that; this throws.
    private mutating func append(_ member: ArraySlice<UInt8>, colon: Int?) throws(RuleProblem.Reason) {
        guard let colon, member.indices.contains(colon) else { throw .notJSON }
        members.append((Self.trim(member[..<colon]), Self.trim(member[colon...].dropFirst())))
    }

    /// `bytes` without JSON's white space at either end.
    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { " \t\n\r".utf8.contains(byte) }
        let front = bytes.drop(while: isSpace)
        guard let last = front.lastIndex(where: { !isSpace($0) }) else { return front.prefix(0) }
        return front[...last]
    }
}
