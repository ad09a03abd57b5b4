/// The URL path under which an app is served, such as `/ingress/liuxw24-379e0`: valid and normalized.
///
/// The rules are Kubernetes' own for the path of an Ingress, and RFC 3986's for the characters. They are strict because
/// the prefix becomes a command-line argument and a path that browsers, nginx and the app must all read alike.
package struct PathPrefix: Hashable, Sendable {
    /// Why a text is not a valid prefix.
    package enum ValidationError: Error, Equatable, Sendable {
        case noLeadingSlash
        /// `//`: browsers take what follows two leading slashes as a host.
        case emptySegment
        /// `.` or `..`, percent-encoded or not.
        case dotSegment
        /// `%2F`, `%5C` or a control character, which apps and proxies decode at different times.
        case forbiddenEscape(String)
        /// A `%` without two hexadecimal digits.
        case badEscape
        /// The character, escaped for display.
        case forbiddenCharacter(String)
        case tooLong

        /// What is wrong, as the end of a sentence.
        package var reason: String {
            switch self {
            case .noLeadingSlash: "it does not begin with a slash"
            case .emptySegment: "it has two slashes in a row"
            case .dotSegment: "it has a `.` or `..` segment"
            case .forbiddenEscape(let escape): "it has the escape \(escape), which is not allowed in a prefix"
            case .badEscape: "it has a % without two hexadecimal digits"
            case .forbiddenCharacter(let character):
                "it has the character \(character), which no URL path prefix has"
                    + ValidationError.advice(on: character)
            case .tooLong: "it is longer than \(PathPrefix.lengthLimit) bytes"
            }
        }

        /// For a space and for a character beyond ASCII: how to escape it in a URL, as the end of a sentence. Empty for
        /// other characters.
        private static func advice(on character: String) -> String {
            let plain = character.dropFirst().dropLast()
            guard plain == " " || !plain.utf8.allSatisfy({ $0 < 0x80 }) else { return "" }
            return ": a URL has \(PercentEncoding.encode(String(plain))) for it"
        }
    }

    /// The longest prefix, in bytes: far more than the platform uses, far less than argv and request lines allow.
    package static let lengthLimit = 2048

    /// The path `/`.
    package static let root = PathPrefix(unchecked: "")

    /// Without the trailing slash; empty for the root, so that paths can be appended to it.
    private let text: String

    private init(unchecked text: String) { self.text = text }

    /// Accepts a path with or without a trailing slash; the empty text is the root.
    package init(_ path: String) throws(ValidationError) {
        let bytes = Array(path.utf8)
        guard bytes.count <= Self.lengthLimit else { throw .tooLong }
        guard !bytes.isEmpty, bytes != [Byte.slash] else {
            text = ""
            return
        }
        guard bytes.first == Byte.slash else { throw .noLeadingSlash }
        let trimmed = bytes.last == Byte.slash ? bytes.dropLast() : bytes[...]
        for segment in trimmed.dropFirst().split(separator: Byte.slash, omittingEmptySubsequences: false) {
            try Self.validate(segment)
        }
        text = String(decoding: trimmed, as: UTF8.self)
    }

    package var isRoot: Bool { text.isEmpty }

    /// `/a/`, or `/` for the root.
    package var withTrailingSlash: String { text + "/" }

    /// `/a`, or `/` for the root.
    package var withoutTrailingSlash: String { isRoot ? "/" : text }

    /// `path`, which begins with a slash, appended to the prefix: `/a/data/environment`.
    package func appending(_ path: String) -> String {
        path.hasPrefix("/") ? text + path : text + "/" + path
    }

    private static func validate(_ segment: ArraySlice<UInt8>) throws(ValidationError) {
        guard !segment.isEmpty else { throw .emptySegment }
        var reader = ByteReader(segment)
        // How many dots the decoded segment consists of so far; nil as soon as it has any other character.
        var dots: Int? = 0
        while let byte = reader.next() {
            var decoded = byte
            if byte == UInt8(ascii: "%") {
                decoded = try validateEscape(&reader)
            } else {
                guard isPathCharacter(byte) else { throw .forbiddenCharacter(firstCharacter(in: segment, from: byte)) }
            }
            dots = decoded == UInt8(ascii: ".") ? dots.map { $0 + 1 } : nil
        }
        guard dots != 1, dots != 2 else { throw .dotSegment }
    }

    private static func validateEscape(_ reader: inout ByteReader) throws(ValidationError) -> UInt8 {
        guard let high = reader.next().flatMap(Byte.hexValue), let low = reader.next().flatMap(Byte.hexValue) else {
            throw .badEscape
        }
        let value = high << 4 | low
        switch value {
        case 0x00...0x1F, 0x7F, UInt32(Byte.slash), UInt32(Byte.backslash):
            throw .forbiddenEscape("%" + Byte.hex(value, width: 2))
        default: return UInt8(truncatingIfNeeded: value)
        }
    }

    /// RFC 3986's `pchar` without `%`, and without `'`, which could end a quoted text in a shell or a page.
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: Byte.isLowercaseLetter(byte) || Byte.isDigit(byte) || "-._~!$&()*+,;=:@".utf8.contains(byte)
        }
    }

    /// The whole character that begins with `byte`, for display.
    private static func firstCharacter(in segment: ArraySlice<UInt8>, from byte: UInt8) -> String {
        let character = segment.drop { $0 != byte }.prefix(4)
        guard let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first else { return "" }
        return GoQuotedString.encode(String(scalar).utf8)
    }
}
