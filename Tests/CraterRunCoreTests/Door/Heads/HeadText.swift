@testable import CraterRunCore

/// Heads as bytes and back. A `Latin-1` text stands for bytes, one a character, so that tables can hold any bytes.
enum HeadText {
    static func bytes(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(Unicode.Scalar(byte)) }
        return String(text)
    }

    /// Lines with CRLF, and the empty line.
    static func head(_ lines: [String]) -> [UInt8] {
        bytes(lines.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    static func request(_ lines: String...) throws -> RequestHead { try .parse(head(lines)) }

    /// A request for `target` with a Host and these lines.
    static func get(_ target: String, _ lines: [String] = []) throws -> RequestHead {
        try .parse(head(["GET \(target) HTTP/1.1", "Host: h.example"] + lines))
    }

    static func response(_ lines: String...) throws -> ResponseHead { try .parse(head(lines)) }

    /// The lines of a head without their CRLF; a line that ends otherwise, and a missing empty line, are marked.
    static func lines(_ head: [UInt8]) -> [String] {
        var lines = head.split(separator: Byte.newline, omittingEmptySubsequences: false).map { line in
            line.last == Byte.carriageReturn ? text(line.dropLast()) : text(line) + "(no CRLF)"
        }
        guard lines.suffix(2) == ["", "(no CRLF)"] else { return lines + ["(no empty line)"] }
        lines.removeLast(2)
        return lines
    }
}
