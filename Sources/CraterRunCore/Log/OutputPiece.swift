/// Bytes to write at once.
package struct OutputPiece: Equatable, Sendable {
    package internal(set) var bytes: [UInt8]
    /// Whether the piece continues a line that started in an earlier piece.
    package let continuesLine: Bool

    /// Whether the last line in the piece is complete.
    package var endsLine: Bool { bytes.last == UInt8(ascii: "\n") }
}
