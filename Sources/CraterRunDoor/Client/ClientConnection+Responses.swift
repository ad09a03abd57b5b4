import CraterRunCore
import NIOCore

/// An app's response on its way to the client. ``UpstreamConnection`` calls these methods.
extension ClientConnection {
    /// Passes the head of a response, final or not.
    ///
    /// - Returns: how the end of the body is found; nil if the head was not the final one, or nothing can follow.
    func respond(_ head: ResponseHead) -> BodyFraming? {
        guard case .exchange = phase, let request = exchange?.request else { return nil }
        exchange?.lastProgress = server.tick
        if head.isInterim {
            if head.status == 100 { exchange?.awaitsContinue = false }
            // HTTP/1.0 has no interim responses (RFC 9110, 15.2).
            if request.version == .v11 { pass(head, keepsAlive: true) }
            return nil
        }
        let framing = head.framing(to: request.method)
        // A client that waits for a 100 and gets its answer need not send the body: where the next request begins would
        // be unknown (RFC 9110, 10.1.1).
        if exchange?.awaitsContinue == true || framing == .untilClose { exchange?.keepsAlive = false }
        if framing == .chunked, request.version == .v10 { exchange?.keepsAlive = false }
        exchange?.hasResponse = true
        pass(head, keepsAlive: exchange?.keepsAlive == true && !isLastRequest)
        return framing
    }

    func pass(_ piece: ByteBuffer) {
        guard let context else { return }
        exchange?.lastProgress = server.tick
        (exchange?.use ?? tunnel?.use)?.sent &+= UInt64(piece.readableBytes)
        outlet.write(piece, to: context)
    }

    private func pass(_ head: ResponseHead, keepsAlive: Bool) {
        guard let exchange else { return }
        server.scratch.removeAll(keepingCapacity: true)
        ForwardedHead.write(
            head, to: exchange.request, keepsAlive: keepsAlive, edits: exchange.forward.response, to: &server.scratch)
        write(server.scratch)
    }

    /// The response is complete.
    func responseEnded() {
        guard case .exchange = phase, let exchange else { return }
        if exchange.body.isEnded { return finishExchange() }
        self.exchange?.isResponseComplete = true
        // The app may go on reading the request.
        if exchange.awaitsContinue || upstream?.isOpen != true { return stopUploading() }
        flush()
        resumeReading()
    }

    /// The app has answered, and takes nothing more of the request.
    func stopUploading() {
        guard case .exchange = phase else { return }
        leaveUpstream()
        endExchange()
        closeAfterWriting(lingers: true)
    }

    func finishExchange() {
        guard let exchange else { return }
        let upstream = upstream
        self.upstream = nil
        endExchange()
        // The last piece of the request may still wait for it.
        upstream?.flush()
        upstream?.detach()
        if exchange.keepsAlive, !isLastRequest {
            goOn()
        } else {
            closeAfterAnswer(to: exchange.request, isRead: true)
        }
    }

    /// The response ends before its end.
    func responseBroke(isUntilClose: Bool) {
        guard case .exchange = phase else { return }
        leaveUpstream()
        endExchange()
        closeAsTruncated(isUntilClose: isUntilClose)
    }

    /// The app has accepted the client's upgrade: from now on, all bytes pass as they are.
    func openTunnel(_ head: ResponseHead) {
        guard case .exchange = phase, let exchange else { return }
        pass(head, keepsAlive: true)
        var tunnel = Tunnel(exchange.request, exchange.forward.use, of: exchange.use)
        tunnel.use.tunnels += 1
        endExchange()
        phase = .tunnel
        let early = received
        received = ByteBuffer()
        tunnel.take(early)
        self.tunnel = tunnel
        upstream?.pass(early)
        upstream?.flush()
        if isInputClosed { upstream?.shutOutput() }
        resumeReading()
    }

    /// The app's end of the tunnel is gone. The client may still be sending.
    func tunnelBroke() {
        guard case .tunnel = phase else { return }
        tunnel?.use.tunnels &-= 1
        tunnel = nil
        upstream = nil
        closeAfterWriting(lingers: true)
    }
}
