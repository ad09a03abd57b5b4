internal import CraterRunCore

/// Output of an app that is held back until crater-run knows whether to show it.
struct HeldOutput {
    /// A piece of output, the sink that it goes to, and the number of its source.
    typealias Entry = (piece: OutputPiece, sink: OutputForwarder.Sink, source: Int)

    /// The most output to hold back, in bytes.
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
