import CraterRunCore
import CraterRunLinux
import NIOCore

/// From a request's first byte to the decision about it.
extension ClientConnection {
    /// Takes the next head from what has been received.
    ///
    /// - Returns: whether there was a whole head.
    func startRequest() -> Bool {
        let bytes = received
        switch scanner.scan(bytes.readableBytesUInt8Span) {
        case .more: return false
        case .tooLong: refuse(.tooLong)
        case .notHTTP: refuse(.malformed("this is not a request of HTTP/1"))
        case .end(let length):
            let head: RequestHead
            do throws(HeadRefusal) { head = try RequestHead.parse(received.readBytes(length: length) ?? []) } catch {
                refuse(error)
                return true
            }
            start(head)
        }
        return true
    }

    private func start(_ head: RequestHead) {
        handle(
            Door.decide(head, on: port, routes: server.routes, peer: peer, now: WallClock.now()), about: head)
    }

    /// Does what was decided, at once or when the throttle of the logins allows it.
    private func handle(_ decision: DoorDecision, about head: RequestHead, isBodyRead: Bool = false) {
        guard let guess = decision.guess else { return perform(decision.action, about: head, isBodyRead) }
        let now = MonotonicClock.now()
        switch server.throttle.release(guess, at: now) {
        case .now: perform(decision.action, about: head, isBodyRead)
        case .refused: send(.tooManyGuesses, to: head, isBodyRead: isBodyRead)
        case .at(let instant):
            phase = .delay(head)
            since = server.tick
            let wait = TimeAmount.nanoseconds(now.duration(to: instant).clampedNanoseconds)
            server.loop.assumeIsolated().scheduleTask(in: wait) {
                guard case .delay = self.phase else { return }
                self.phase = .head
                self.perform(decision.action, about: head, isBodyRead)
                self.proceed()
                self.upstream?.flush()
                self.flush()
                self.settleReceived()
                self.resumeReading()
            }
        }
    }

    private func perform(_ action: DoorDecision.Action, about head: RequestHead, _ isBodyRead: Bool) {
        switch action {
        case .forward(let forward): begin(head, forward: forward)
        case .answer(let answer): send(answer, to: head, isBodyRead: isBodyRead)
        case .form(let form): collect(for: form, head)
        case .visit(let app, let use, let answer):
            server.visit(app, use)
            send(answer, to: head, isBodyRead: isBodyRead)
        case .command(let app, let verb, let answer):
            let isTold = server.command(app, verb)
            send(isTold ? answer : .commandLost, to: head, isBodyRead: isBodyRead)
        }
    }

    // MARK: The body of a form

    private func collect(for form: DoorForm, _ head: RequestHead) {
        let length: Int
        switch head.framing {
        case .none: length = 0
        case .length(let bytes) where bytes <= UInt64(DoorForm.longestBody): length = Int(bytes)
        case .length: return send(.tooLongBody, to: head)
        // Browsers and curl send a form with its length.
        case .chunked, .untilClose: return send(.lengthRequired, to: head)
        }
        let body = FormBody(form: form, request: head, length: length)
        guard received.readableBytes < length else { return finishForm(body) }
        if head.expectsContinue { write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
        since = server.tick
        phase = .form(body)
    }

    func finishForm(_ body: FormBody) {
        let bytes = received.readBytes(length: body.length) ?? []
        phase = .head
        handle(body.form.decide(body: bytes, now: WallClock.now()), about: body.request, isBodyRead: true)
    }
}
