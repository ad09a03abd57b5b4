import CraterRunCore
import NIOCore

/// An app's response, from its first byte to its end.
extension UpstreamConnection {
    func readHeads() {
        while case .head = phase, received.readableBytes > 0 {
            let bytes = received
            switch scanner.scan(bytes.readableBytesUInt8Span) {
            case .more: return
            case .tooLong: return fail(.malformed("the head of the response is too long"))
            case .notHTTP: return fail(.malformed("the first byte is no beginning of HTTP"))
            case .end(let length):
                let head: ResponseHead
                do throws(HeadRefusal) { head = try ResponseHead.parse(received.readBytes(length: length) ?? []) } catch
                {
                    return fail(.malformed(error.text))
                }
                take(head)
            }
        }
    }

    private func take(_ head: ResponseHead) {
        guard let client else { return }
        if head.status == 101 {
            guard client.exchange?.request.isUpgrade == true else {
                return fail(.malformed("the app switches protocols, which the request did not ask for"))
            }
            phase = .tunnel
            client.openTunnel(head)
            let early = received
            received = ByteBuffer()
            self.client?.pass(early)
            return
        }
        guard let framing = client.respond(head) else { return }
        isReusable = head.keepsAlive && framing != .untilClose
        let body = BodyProgress(framing, isLenient: true)
        phase = .body(body)
        var rest = received
        received = ByteBuffer()
        pass(&rest, of: body)
    }

    func pass(_ bytes: inout ByteBuffer, of body: BodyProgress) {
        var body = body
        let part = body.take(bytes.readableBytesUInt8Span)
        if part.count > 0, let piece = bytes.readSlice(length: part.count) { client?.pass(piece) }
        if part.isMalformed { return breakOff(isUntilClose: false) }
        guard body.isEnded else {
            phase = .body(body)
            return
        }
        // More than the response: the app is not in step with us.
        if bytes.readableBytes > 0 { isReusable = false }
        phase = .answered
        client?.responseEnded()
    }

    private func fail(_ failure: DoorFailure, isStale: Bool = false) {
        let client = client
        abandon()
        client?.upstreamFailed(failure, isStale: isStale)
    }

    private func breakOff(isUntilClose: Bool) {
        let client = client
        abandon()
        client?.responseBroke(isUntilClose: isUntilClose)
    }

    func abandonAsOutOfStep() {
        let client = client
        abandon()
        client?.stopUploading()
    }

    /// The app's side has ended.
    ///
    /// - Parameter cleanly: whether the app has closed its side; otherwise the connection is broken, or closed as a whole.
    func ended(cleanly: Bool) {
        switch phase {
        case .closed: break
        case .connecting: connectFailed()
        case .idle: abandon()
        case .head: fail(.closed, isStale: isKept && received.readableBytes == 0)
        case .body(let body) where body.isUntilClose && cleanly:
            isReusable = false
            phase = .answered
            let client = client
            abandon()
            client?.responseEnded()
        case .body(let body): breakOff(isUntilClose: body.isUntilClose)
        case .answered: abandonAsOutOfStep()
        case .tunnel where cleanly: client?.shutOutput()
        case .tunnel:
            let client = client
            abandon()
            client?.tunnelBroke()
        }
    }
}
