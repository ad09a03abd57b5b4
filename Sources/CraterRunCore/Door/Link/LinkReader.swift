/// Reads the fields of a frame. Whatever the bytes are, reading them either succeeds or throws.
package struct LinkReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(LinkFailure) -> Number {
        let length = Number.bitWidth / 8
        let bytes = try take(length)
        var value: UInt64 = 0
        for byte in bytes.reversed() { value = value << 8 | UInt64(byte) }
        return Number(truncatingIfNeeded: value)
    }

    mutating func flag() throws(LinkFailure) -> Bool {
        switch try number(UInt8.self) {
        case 0: return false
        case 1: return true
        case let other: throw .malformed("a flag is \(other)")
        }
    }

    mutating func blob() throws(LinkFailure) -> [UInt8] {
        let length = try number(UInt32.self)
        return Array(try take(Int(clamping: length)))
    }

    mutating func text() throws(LinkFailure) -> String {
        guard let text = String(validating: try blob(), as: UTF8.self) else { throw .malformed("a text is not UTF-8") }
        return text
    }

    mutating func time() throws(LinkFailure) -> WallTime { WallTime(milliseconds: try number()) }

    /// A list. Each of its values takes at least one byte, so that a count from nowhere costs no memory.
    mutating func list<Value>(
        _ each: (inout LinkReader) throws(LinkFailure) -> Value
    ) throws(LinkFailure) -> [Value] {
        let count = try number(UInt32.self)
        guard Int(clamping: count) <= rest.count else { throw .malformed("a list is longer than its frame") }
        var values: [Value] = []
        for _ in 0..<count { values.append(try each(&self)) }
        return values
    }

    mutating func optional<Value>(
        _ read: (inout LinkReader) throws(LinkFailure) -> Value
    ) throws(LinkFailure) -> Value? {
        try flag() ? try read(&self) : nil
    }

    private mutating func take(_ count: Int) throws(LinkFailure) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .malformed("a frame ends too early") }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }
}
