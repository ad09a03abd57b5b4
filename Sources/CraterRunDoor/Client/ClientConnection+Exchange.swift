import CraterRunCore
import CraterRunLinux
import NIOCore

/// A request on its way to the app.
extension ClientConnection {
    func begin(_ head: RequestHead, forward: DoorForward) {
        let use = server.uses[forward.route.app]
        use.requests += 1
        use.open += 1
        let exchange = Exchange(head, forward: forward, use: use, at: server.tick)
        if use.note(forward.use, at: server.tick) {
            use.openByPersons += 1
            exchange.isPersons = true
        }
        self.exchange = exchange
        phase = .exchange
        if exchange.isRepeatable, let kept = server.upstreams.take(forward.backend) {
            upstream = kept
            kept.attach(self)
            sendHead()
        } else {
            connect()
        }
    }

    private func connect() {
        guard let exchange else { return }
        since = server.tick
        let upstream = UpstreamConnection(server: server, backend: exchange.forward.backend)
        self.upstream = upstream
        upstream.attach(self)
        server.upstreams.open(upstream)
    }

    /// The connection to the app stands.
    func upstreamOpened() {
        guard case .exchange = phase else { return }
        sendHead()
        // What follows the request's head goes with it in one write.
        guard !isProceeding else { return }
        proceed()
        upstream?.flush()
        resumeReading()
    }

    private func sendHead() {
        guard let exchange, let upstream else { return }
        server.scratch.removeAll(keepingCapacity: true)
        ForwardedHead.write(exchange.request, edits: exchange.forward.request, to: &server.scratch)
        upstream.send(head: server.scratch)
    }

    /// Passes what has come of the body.
    func passBody() {
        guard let upstream, upstream.isOpen, let exchange, !exchange.body.isEnded else { return }
        let bytes = received
        let part = exchange.body.take(bytes.readableBytesUInt8Span)
        if part.count > 0, let piece = received.readSlice(length: part.count) {
            exchange.awaitsContinue = false
            exchange.uploadedAt = server.tick
            exchange.use.received &+= UInt64(part.count)
            upstream.pass(piece)
        }
        // The app must not take the body for complete, and where the next request begins is unknown.
        if part.isMalformed { return requestFailed(.malformed("the body is not in chunks, as its head says")) }
        if exchange.body.isEnded, exchange.isResponseComplete { finishExchange() }
    }

    private func requestFailed(_ refusal: HeadRefusal) {
        let hasResponse = exchange?.hasResponse ?? false
        leaveUpstream()
        endExchange()
        if hasResponse { closeAfterWriting(lingers: true) } else { refuse(refusal) }
    }

    /// The app gives no response.
    ///
    /// - Parameter isStale: whether the app closed a kept connection, and may not have seen the request.
    func upstreamFailed(_ failure: DoorFailure, isStale: Bool = false) {
        guard case .exchange = phase, let exchange else { return }
        leaveUpstream()
        if isStale, exchange.isRepeatable, !exchange.isSecondTry {
            self.exchange?.isSecondTry = true
            return connect()
        }
        let isRead = exchange.body.isEnded
        endExchange()
        let request = exchange.request
        let answer = Door.answer(to: request, after: failure, of: exchange.forward, now: WallClock.now())
        let closes = answer.closes || !isRead || !request.keepsAlive || isLastRequest
        write(answer.bytes(isHead: request.method == .head, keepsAlive: !closes))
        if closes {
            closeAfterAnswer(to: request, isRead: isRead)
        } else {
            goOn()
        }
    }

    func sweepExchange() {
        guard let exchange else { return }
        let now = server.tick
        // Only the client's own silence counts: not the app's, and not the time until the app takes more.
        if exchange.body.isEnded || exchange.awaitsContinue || !wantsRead { exchange.uploadedAt = now }
        if isWritable { exchange.takenAt = now }
        if let upstream, upstream.isConnecting, now - since > DoorLimits.connecting {
            upstreamFailed(.late)
        } else if isInputClosed, now - exchange.lastProgress > DoorLimits.halfClosed {
            // Nobody can tell a client that waits for an answer from one that is gone, until something is written.
            closeAtOnce()
        } else if now - max(exchange.uploadedAt, exchange.lastProgress) > DoorLimits.upload {
            giveUpUpload(of: exchange)
        } else if now - exchange.takenAt > DoorLimits.download {
            closeAtOnce()
        }
    }

    private func giveUpUpload(of exchange: Exchange) {
        if exchange.isResponseComplete { return stopUploading() }
        if exchange.hasResponse { return closeAtOnce() }
        leaveUpstream()
        endExchange()
        timeOut()
    }

    /// The connection waits for its next request, or handles it.
    func goOn() {
        phase = .head
        since = server.tick
        flush()
        proceed()
        upstream?.flush()
        flush()
        settleReceived()
        resumeReading()
    }

    func endExchange() {
        guard let exchange else { return }
        exchange.use.open &-= 1
        if exchange.isPersons { exchange.use.openByPersons &-= 1 }
        self.exchange = nil
    }

    func leaveUpstream() {
        let upstream = upstream
        self.upstream = nil
        upstream?.abandon()
    }
}
