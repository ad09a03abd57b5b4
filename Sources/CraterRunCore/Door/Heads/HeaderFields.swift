/// The headers of a head, in their order, with the bytes that they stand in.
package struct HeaderFields: Equatable, Sendable {
    /// The whole head. All ranges are of these bytes.
    package let bytes: [UInt8]
    package let fields: [HeaderField]
    /// A bit for each known header that the head has, by its raw value.
    let present: UInt64

    package func contains(_ header: KnownHeader) -> Bool { present & (1 << UInt64(header.rawValue)) != 0 }

    /// The value of the first header of this name; nil if there is none.
    package subscript(_ header: KnownHeader) -> Range<Int>? {
        guard contains(header) else { return nil }
        return fields.first { $0.known == header }?.value
    }

    /// The values of all headers of this name, in their order.
    package func values(of header: KnownHeader) -> [Range<Int>] {
        guard contains(header) else { return [] }
        return fields.compactMap { $0.known == header ? $0.value : nil }
    }

    /// Calls `body` with each member of the lists that all headers of this name have.
    func forEachMember(of header: KnownHeader, _ body: (ArraySlice<UInt8>) -> Void) {
        guard contains(header) else { return }
        for field in fields where field.known == header {
            HeaderSyntax.forEachMember(of: slice(field.value), body)
        }
    }

    /// The bytes of a range of the head, clamped to the head.
    package func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { bytes[range.clamped(to: bytes.indices)] }

    /// The text of a range; bytes that are not UTF-8 become U+FFFD.
    package func text(_ range: Range<Int>) -> String { String(decoding: slice(range), as: UTF8.self) }

    /// Whether the range holds exactly this text.
    package func equals(_ range: Range<Int>, _ text: String) -> Bool { slice(range).elementsEqual(text.utf8) }

    /// Whether the range holds this text in any case of its ASCII letters.
    package func equals(_ range: Range<Int>, ignoringCase text: String) -> Bool {
        HeaderSyntax.equals(slice(range), ignoringCase: text)
    }
}
