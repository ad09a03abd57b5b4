extension JSONObject {
    /// The objects of a list; nil if `bytes` is not a list of objects.
    static func list(_ bytes: [UInt8]) -> [JSONObject]? {
        var objects: [JSONObject] = []
        // The brackets that are open, by the bytes that close them.
        var open: [UInt8] = []
        var (start, isText, isEscaped) = (0, false, false)
        for (index, byte) in bytes.enumerated() {
            if isText {
                if byte == Byte.doubleQuote, !isEscaped { isText = false }
                isEscaped = byte == Byte.backslash && !isEscaped
                continue
            }
            switch byte {
            case UInt8(ascii: "["):
                guard open.count != 1, open.isEmpty ? objects.isEmpty : true else { return nil }
                open.append(UInt8(ascii: "]"))
            case UInt8(ascii: "{"):
                guard !open.isEmpty else { return nil }
                if open.count == 1 { start = index }
                open.append(UInt8(ascii: "}"))
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard open.popLast() == byte else { return nil }
                guard open.count == 1 else { break }
                // Each object is checked as a whole.
                guard let object = JSONObject(Array(bytes[start...index])) else { return nil }
                objects.append(object)
            case Byte.doubleQuote:
                guard open.count > 1 else { return nil }
                isText = true
            case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"):
                break
            default:
                guard open.count > 1 else { return nil }
            }
        }
        return open.isEmpty && bytes.contains(UInt8(ascii: "[")) ? objects : nil
    }
}
