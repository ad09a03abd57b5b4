/// Reads frames from a stream of bytes that arrive in pieces of any size.
package struct LinkDecoder<Frame: LinkFrame>: Sendable {
    private var buffer: [UInt8] = []
    /// Where the next frame begins.
    private var start = 0
    /// Why nothing more is read: after a bad frame nobody knows where the next one begins.
    private var failure: LinkFailure?

    package init() {}

    package mutating func take(_ bytes: some Collection<UInt8>) {
        guard failure == nil else { return }
        // Frames that have been read are dropped here and not one by one, so that no byte is moved twice.
        buffer.removeFirst(start)
        start = 0
        buffer += bytes
    }

    /// The next whole frame; nil if more bytes are needed. After a failure every call fails in the same way.
    package mutating func next() throws(LinkFailure) -> Frame? {
        if let failure { throw failure }
        do throws(LinkFailure) { return try read() } catch {
            failure = error
            buffer = []
            start = 0
            throw error
        }
    }

    private mutating func read() throws(LinkFailure) -> Frame? {
        var head = LinkReader(buffer[start...].prefix(4))
        guard buffer.count - start >= 4 else { return nil }
        let length = try head.number(UInt32.self)
        guard length <= Frame.longest else { throw .tooLong(length) }
        let body = buffer[start...].dropFirst(4)
        guard body.count >= Int(length) else { return nil }
        var reader = LinkReader(body.prefix(Int(length)))
        let frame = try Frame(from: &reader)
        guard reader.isAtEnd else { throw .malformed("a frame has bytes after its fields") }
        start += 4 + Int(length)
        return frame
    }
}
