/// What goes over a link as one frame: the length of the rest in four bytes, little-endian; a byte for the kind; the fields.
/// Numbers are little-endian, texts and lists have their count in four bytes before them, and an optional has a byte that is
/// 0 or 1.
package protocol LinkFrame: Sendable {
    /// Writes the kind and the fields.
    func write(to writer: inout LinkWriter)
    /// Reads what ``write(to:)`` writes.
    init(from reader: inout LinkReader) throws(LinkFailure)
}

extension LinkFrame {
    /// The longest frame without its length, in bytes.
    package static var longest: UInt32 { 16 << 20 }

    /// The whole frame. Nil if it is longer than ``longest``.
    package func frame() -> [UInt8]? {
        var writer = LinkWriter()
        write(to: &writer)
        guard let length = UInt32(exactly: writer.bytes.count), length <= Self.longest else { return nil }
        var frame = LinkWriter()
        frame.write(length)
        return frame.bytes + writer.bytes
    }
}
