import NIOCore

/// What goes out on one connection. Small pieces are gathered until the flush, so that a head and a small body are one
/// write(2), and large pieces pass without a copy.
struct Outlet {
    /// Pieces below this size are copied.
    private static let smallPiece = SharedBuffers.gatherSize

    private let buffers: SharedBuffers
    private var gathered: ByteBuffer?
    /// The last gathered buffer that was given to the channel since the last flush.
    private var written: ByteBuffer?
    /// Whether bytes waited in the channel after the last flush. Each small piece then gets a buffer of its own size:
    /// many waiting buffers with a few bytes in each would take much memory.
    private var hasBacklog = false
    private(set) var needsFlush = false

    init(_ buffers: SharedBuffers) { self.buffers = buffers }

    mutating func write(_ bytes: [UInt8], to context: ChannelHandlerContext) {
        needsFlush = true
        if gathered == nil { gathered = buffers.takeForGathering() }
        gathered?.writeBytes(bytes)
    }

    mutating func write(_ piece: ByteBuffer, to context: ChannelHandlerContext) {
        let count = piece.readableBytes
        guard count > 0 else { return }
        needsFlush = true
        if count >= Outlet.smallPiece {
            passGathered(to: context)
            context.write(NIOAny(piece), promise: nil)
            return
        }
        if let gathered, gathered.readableBytes + count > SharedBuffers.receiveSize { passGathered(to: context) }
        if gathered == nil { gathered = buffers.takeForGathering() }
        gathered?.writeImmutableBuffer(piece)
    }

    /// Gives everything to the channel. The flush itself is the caller's, since it may call back into the handlers, and
    /// ``flushed()`` follows it.
    mutating func prepareFlush(to context: ChannelHandlerContext) {
        needsFlush = false
        passGathered(to: context)
    }

    mutating func flushed() {
        guard var buffer = written else { return }
        written = nil
        // If the channel has written everything, nobody else holds the buffer.
        hasBacklog = buffer.modifyIfUniquelyOwned { $0.clear() } == nil
        if !hasBacklog { buffers.giveBackGathered(buffer) }
    }

    private mutating func passGathered(to context: ChannelHandlerContext) {
        guard let buffer = gathered else { return }
        gathered = nil
        let piece = hasBacklog ? buffers.copy(buffer) : buffer
        if hasBacklog { buffers.giveBackGathered(buffer) }
        written = piece
        context.write(NIOAny(piece), promise: nil)
    }
}
