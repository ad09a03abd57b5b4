/// Puts a response's head right whose lines are not written as RFC 9112 says, in the ways that the RFC and browsers read
/// them.
enum HeadRepair {
    /// The head with CRLF at each line's end, one line for each folded header, no space before a colon, and without the
    /// lines that are no headers. A carriage return within a line becomes a space (RFC 9112, 2.2, 5.1 and 5.2).
    static func regular(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        var isFirst = true
        // Whether the line before was a header, which a line that begins with a space continues.
        var canContinue = false
        for line in bytes.split(separator: Byte.newline, omittingEmptySubsequences: false) {
            let text = trimmed(line)
            if isFirst {
                if text.isEmpty { continue }
                append(text, to: &result)
                isFirst = false
            } else if line.isEmpty || line.elementsEqual([Byte.carriageReturn]) {
                break
            } else if let first = line.first, HeaderSyntax.isSpace(first) {
                guard canContinue else { continue }
                result.removeLast(2)
                result.append(Byte.space)
                append(text, to: &result)
            } else {
                canContinue = appendField(text, to: &result)
            }
        }
        return result + [Byte.carriageReturn, Byte.newline]
    }

    /// Whether the line is a header.
    private static func appendField(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) -> Bool {
        guard let colon = line.firstIndex(of: Byte.colon) else { return false }
        let name = HeaderSyntax.trimmed(line[line.startIndex..<colon])
        guard !name.isEmpty, name.allSatisfy(HeaderSyntax.isTokenByte) else { return false }
        result += name
        append(line[colon...], to: &result)
        return true
    }

    private static func append(_ line: ArraySlice<UInt8>, to result: inout [UInt8]) {
        for byte in line { result.append(byte == Byte.carriageReturn ? Byte.space : byte) }
        result += [Byte.carriageReturn, Byte.newline]
    }

    /// The line without spaces, tabs and carriage returns at its ends.
    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { HeaderSyntax.isSpace(byte) || byte == Byte.carriageReturn }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }
}
