/// Reads /proc/self/mountinfo (proc(5)) to recognize a subPath mount, which makes a single file a mount point.
package enum MountTable {
    /// Whether something is mounted at exactly this path.
    package static func hasMount(at path: String, in table: [UInt8]) -> Bool {
        let wanted = Array(path.utf8)
        return table.split(separator: UInt8(ascii: "\n")).contains { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            return fields.count > 4 && unescaped(fields[4]) == wanted
        }
    }

    /// The table writes space, tab, newline and backslash as a backslash and three octal digits.
    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}
