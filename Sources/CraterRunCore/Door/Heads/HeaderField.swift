/// Where one header stands in the bytes of its head.
///
/// The offsets are 32 bits wide, which keeps a field at 24 bytes. ``HeadLimits`` keeps heads far shorter than 4 GB.
package struct HeaderField: Equatable, Sendable {
    let nameStart: UInt32
    let nameEnd: UInt32
    let valueStart: UInt32
    let valueEnd: UInt32
    let lineEnd: UInt32
    package let known: KnownHeader?

    package var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }
    /// Without the spaces and tabs around the value.
    package var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    /// The whole line with its CRLF.
    package var line: Range<Int> { Int(nameStart)..<Int(lineEnd) }
}
