internal import CLinux
internal import CraterRunCore
internal import Glibc

/// One GET at an app's port, without blocking: the reactor tells when the socket is ready and when the time is up. No
/// proxy, no name lookup, no redirects followed.
final class ReadinessChecker {
    /// How long an answer may take.
    static let timeout = AppTiming.checkTimeout
    /// More of an answer is not read, and no more in one turn.
    private static let enough = 64 << 10
    /// More than this is not read of anything: a server may send interim answers without end.
    private static let mostInAll = 1 << 20

    /// The socket of the request under way; nil if there is none.
    private(set) var descriptor: Int32?
    private(set) var deadline: MonotonicInstant?
    private var request: [UInt8] = []
    private var response = HTTPResponse()
    private var isConnected = false

    enum Progress {
        /// Wait for this at the descriptor.
        case waiting(EventPoll.Interest)
        case done(CheckOutcome)
    }

    /// Begins a request; one that was under way is forgotten.
    func start(port: UInt16, path: String, at now: MonotonicInstant) -> Progress {
        cancel()
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        do throws(SystemCallError) {
            let socket = try systemCall("socket") { Glibc.socket(AF_INET, type, 0) }
            descriptor = socket
            // From another address than the one we connect to: else, while nobody listens at a port of the ephemeral
            // range, the kernel may pick that port for us, and we would be connected to ourselves.
            _ = SocketAddress.withIPv4(.secondLoopback, port: 0) { bind(socket, $0, $1) }
            deadline = now.advanced(by: ReadinessChecker.timeout)
            request = Array(
                "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nUser-Agent: crater-run\r\nAccept: */*\r\nConnection: close\r\n\r\n"
                    .utf8
            )
            let result = SocketAddress.withIPv4(.loopback, port: port) { connect(socket, $0, $1) }
            if result == -1, errno != EINPROGRESS { return .done(silent("connect", errno)) }
            return .waiting(.output)
        } catch {
            return .done(.silent(reason: "cannot ask it: \(error)"))
        }
    }

    /// Goes on after the descriptor became ready.
    func proceed() -> Progress {
        guard let descriptor else { return .done(.silent(reason: "nothing was asked")) }
        if !isConnected {
            var number: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
            guard number == 0 else { return .done(silent("connect", number)) }
            isConnected = true
        }
        if !request.isEmpty {
            let sent = send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
            if sent == -1 { return errno == EAGAIN ? .waiting(.output) : .done(silent("send", errno)) }
            request.removeFirst(sent)
            return request.isEmpty ? .waiting(.input) : .waiting(.output)
        }
        return receive(from: descriptor)
    }

    /// The time is up: what came so far decides.
    func expire() -> CheckOutcome {
        let limit = DurationText.describe(ReadinessChecker.timeout)
        return outcome(otherwise: "no answer\(exception) within \(limit)")
    }

    /// Forgets the request under way. The caller has taken the descriptor out of the poll.
    func cancel() {
        if let descriptor { close(descriptor) }
        descriptor = nil
        deadline = nil
        response = HTTPResponse()
        isConnected = false
    }

    /// To the end of the answer: who hangs up early fills the app's log with broken pipes.
    private func receive(from descriptor: Int32) -> Progress {
        var buffer = [UInt8](repeating: 0, count: 8192)
        let before = response.received
        while response.bytes.count < ReadinessChecker.enough, response.received < ReadinessChecker.mostInAll {
            // Interim answers are not kept: who sends them as fast as they are read must not keep us here.
            guard response.received - before < ReadinessChecker.enough else { return .waiting(.input) }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                response.take(buffer.prefix(count))
            } else if count == -1, errno == EAGAIN {
                return .waiting(.input)
            } else if count == -1, errno == EINTR {
                continue
            } else {
                break
            }
        }
        let reason =
            response.interim == nil
            ? "port answered with something else than HTTP"
            : "it gave no answer\(exception), and hung up"
        return .done(outcome(otherwise: reason))
    }

    private func outcome(otherwise reason: String) -> CheckOutcome {
        response.status.map { .answered(status: $0) } ?? .silent(reason: reason)
    }

    /// That an interim answer came; empty if none did.
    private var exception: String { response.interim.map { " but an interim one (\($0))" } ?? "" }

    private func silent(_ call: String, _ number: Int32) -> CheckOutcome {
        .silent(reason: number == ECONNREFUSED ? "nobody listens at its port" : "\(call): \(systemErrorText(number))")
    }
}

extension ReadinessChecker {
    /// Asks, and waits for what comes of it: for commands that have no reactor.
    ///
    /// - Parameter start: what ``timeout`` counts from.
    static func ask(port: UInt16, path: String, from start: MonotonicInstant = MonotonicClock.now()) -> CheckOutcome {
        look(port: port, path: path, from: start).outcome
    }

    /// The same, with the answer's Location.
    static func look(port: UInt16, path: String, from start: MonotonicInstant = MonotonicClock.now()) -> (
        outcome: CheckOutcome, location: String?
    ) {
        let checker = ReadinessChecker()
        defer { checker.cancel() }
        var progress = checker.start(port: port, path: path, at: start)
        while true {
            switch progress {
            case .done(let outcome): return (outcome, Redirect.location(in: checker.response.bytes))
            case .waiting(let interest):
                guard checker.waitUntilReady(interest) else {
                    progress = .done(checker.expire())
                    continue
                }
                progress = checker.proceed()
            }
        }
    }

    /// Whether the socket became ready before the time was up.
    private func waitUntilReady(_ interest: EventPoll.Interest) -> Bool {
        guard let descriptor, let deadline else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(interest == .output ? POLLOUT : POLLIN), revents: 0)
        while true {
            let left = MonotonicClock.now().duration(to: deadline).clampedNanoseconds / 1_000_000
            guard left > 0 else { return false }
            let count = poll(&entry, 1, Int32(clamping: left))
            if count == -1, errno == EINTR { continue }
            return count > 0
        }
    }
}
