/// Where one header stands in the bytes of its head.
///
/// The offsets are 32 bits wide, which keeps a field at 24 bytes; no head is as long as 4 GB.
package struct HeaderField: Equatable, Sendable {
    let nameStart: UInt32
    let nameEnd: UInt32
    let valueStart: UInt32
    let valueEnd: UInt32
    let lineEnd: UInt32
    package let known: KnownHeader?
    /// Whether the line is written as RFC 9112 says: no space before the colon, no fold, no CR or LF but the CRLF at its
    /// end. Lines of requests always are, others of a response are put right when they go on.
    let isRegular: Bool

    package var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    /// Without the spaces and tabs around the value.
    package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    /// The whole line, or lines where the value is folded, with the line's end.
    package var line: Range<Int> { Int(nameStart)..<Int(lineEnd) }
}
