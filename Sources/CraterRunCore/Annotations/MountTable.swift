/// /proc/self/mountinfo (proc(5)), as far as it tells a subPath mount: there a single file is a mount point of its own.
package enum MountTable {
    /// Whether something is mounted at exactly this path.
    package static func hasMount(at path: String, in table: [UInt8]) -> Bool {
        let wanted = Array(path.utf8)
        return table.split(separator: UInt8(ascii: "\n")).contains { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            return fields.count > 4 && unescaped(fields[4]) == wanted
        }
    }

    /// Space, tab, newline and backslash stand there as three octal digits behind a backslash.
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
