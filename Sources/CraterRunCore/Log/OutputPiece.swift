/// Bytes to be written in one go.
package struct OutputPiece: Equatable, Sendable {
    package internal(set) var bytes: [UInt8]
    /// Whether it goes on with a line whose start is in an earlier piece.
    package let continuesLine: Bool

    /// Whether the line it ends with is complete.
    package var endsLine: Bool { bytes.last == UInt8(ascii: "\n") }
}
