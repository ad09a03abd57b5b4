import CraterRunCore
import CraterRunLinux
import NIOCore

/// What the door answers itself, and how connections end.
extension ClientConnection {
    /// - Parameter isBodyRead: whether the request's body has been read. That of a request that goes to no app is not.
    func send(_ answer: DoorAnswer, to head: RequestHead, isBodyRead: Bool = false) {
        let hasBody = head.framing != .none && head.framing != .length(0) && !isBodyRead
        let closes = answer.closes || hasBody || !head.keepsAlive || isLastRequest
        write(answer.bytes(isHead: head.method == .head, keepsAlive: !closes))
        phase = .head
        since = server.tick
        if closes { closeAfterAnswer(to: head, isRead: !hasBody) }
    }

    /// Ends the connection after the last answer.
    ///
    /// - Parameter isRead: whether the request's body has been read.
    func closeAfterAnswer(to request: RequestHead, isRead: Bool) {
        // A client that has not asked for the end may have sent further requests, which have not been read.
        closeAfterWriting(lingers: !isRead || request.keepsAlive || received.readableBytes > 0)
    }

    /// Answers a head that cannot be read. Where the next request begins is unknown, so the connection ends.
    func refuse(_ refusal: HeadRefusal) {
        write(DoorAnswer.refusing(refusal).bytes(isHead: false, keepsAlive: false))
        closeAfterWriting(lingers: true)
    }

    /// Answers a request that waits, since all of them together hold too much memory.
    func refuseWaiting() {
        let isHead = if case .delay(let head) = phase { head.method == .head } else { false }
        write(DoorAnswer.tooManyWaiting.bytes(isHead: isHead, keepsAlive: false))
        closeAfterWriting(lingers: true)
    }

    /// Ends the connection after what has been written.
    ///
    /// - Parameter lingers: whether the client may still be sending.
    func closeAfterWriting(lingers: Bool) {
        switch phase {
        case .lingering, .closing, .closed: return
        case .head, .form, .delay, .exchange, .tunnel: break
        }
        since = server.tick
        heardAt = server.tick
        received = ByteBuffer()
        if lingers, !isInputClosed {
            phase = .lingering
            flush()
            // The channel shuts its output when everything is written, and closes itself when the client closes.
            context?.close(mode: .output, promise: nil)
            resumeReading()
        } else {
            phase = .closing
            afterWriting { $0.close(promise: nil) }
        }
        settleReceived()
    }

    /// Ends the connection so that the client notices that the response is not whole.
    func closeAsTruncated(isUntilClose: Bool) {
        guard isUntilClose else { return closeAfterWriting(lingers: false) }
        phase = .closing
        since = server.tick
        received = ByteBuffer()
        settleReceived()
        afterWriting { ClientConnection.reset($0) }
    }

    /// Closes at once. If a client has not got all of a response, the client notices that.
    func closeAtOnce() {
        guard let context else { return }
        if exchange?.hasResponse == true || hasUnwritten {
            ClientConnection.reset(context)
        } else {
            context.close(promise: nil)
        }
    }

    /// The end of some responses is the end of the connection, so only a reset is another end.
    private static func reset(_ context: ChannelHandlerContext) {
        let options = context.channel as? any SocketOptionProvider
        let noWaiting: SIMD2<Int32> = [1, 0]
        _ = options?.unsafeSetSocketOption(level: .socket, name: .so_linger, value: noWaiting)
        context.close(promise: nil)
    }

    /// Whether the kernel has not taken everything from the door.
    var hasUnwritten: Bool {
        let waiting = try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)
        return waiting.map { $0 > 0 } ?? false
    }

    /// Whether something of an answer is not with the client's kernel yet. After a close, our kernel goes on sending, but
    /// throws everything away, with a reset, as soon as the client sends anything, or if anything was not read.
    private var hasUntaken: Bool {
        if hasUnwritten { return true }
        let count = try? context?.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { StreamSocket.unacknowledged($0) }
        return count.map { $0 > 0 } ?? false
    }

    /// Shuts the output of a tunnel after what has been written.
    func shutOutput() {
        guard case .tunnel = phase else { return }
        if isInputClosed { return closeAfterWriting(lingers: false) }
        flush()
        context?.close(mode: .output, promise: nil)
    }

    private func afterWriting(_ body: @escaping (ChannelHandlerContext) -> Void) {
        flush()
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in body(context) }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: written)
    }

    // MARK: Time

    /// Once a second.
    func sweep() {
        let age = server.tick - since
        switch phase {
        case .head where received.readableBytes > 0:
            if age > DoorLimits.head { timeOut() }
        case .form:
            if age > DoorLimits.head { timeOut() }
        case .head:
            // The client may still have to take the last answer.
            if age > (server.isFull ? DoorLimits.idleIfFull : DoorLimits.idle) {
                closeAfterWriting(lingers: hasUntaken)
            }
        case .exchange: sweepExchange()
        case .lingering:
            let isSilent = server.tick - heardAt > DoorLimits.lingeringPause
            guard isSilent || age > DoorLimits.lingering else { break }
            if !hasUntaken || age > DoorLimits.closing { closeAtOnce() }
        case .closing:
            if age > DoorLimits.closing { closeAtOnce() }
        case .delay, .tunnel, .closed: break
        }
    }

    func timeOut() {
        write(Array("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
        closeAfterWriting(lingers: true)
    }
}
