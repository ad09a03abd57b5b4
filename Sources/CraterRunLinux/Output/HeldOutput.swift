internal import CraterRunCore

/// Output of an app that is kept back until it is known whether anybody is to see it.
struct HeldOutput {
    /// A piece, where it goes, and the number of the source that it came from.
    typealias Entry = (piece: OutputPiece, sink: OutputForwarder.Sink, source: Int)

    /// In bytes; more is not kept back.
    private static let limit = 64 << 10

    private(set) var entries: [Entry] = []
    private var size = 0

    var isFull: Bool { size >= HeldOutput.limit }

    mutating func add(_ pieces: [OutputPiece], to sink: OutputForwarder.Sink, from source: Int) {
        for piece in pieces {
            entries.append((piece, sink, source))
            size += piece.bytes.count
        }
    }
}
