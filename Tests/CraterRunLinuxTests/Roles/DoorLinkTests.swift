import CLinux
import CraterRunCore
import Glibc
import Testing

@testable import CraterRunLinux

/// The supervisor's end of the link to the front door.
@Suite(.timeLimit(.minutes(5))) struct DoorLinkTests {
    /// What came from the link.
    private final class Heard {
        var replies: [DoorReply] = []
        var failures: [String] = []
    }

    private let poll: EventPoll
    private let heard = Heard()
    private let link: DoorLink
    /// The door's end, whose calls do not wait.
    private let other: Int32

    init() throws {
        poll = try EventPoll()
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        #expect(socketpair(AF_UNIX, type, 0, &ends) == 0)
        other = ends[1]
        let heard = heard
        link = try DoorLink(ends[0], on: poll) { event in
            switch event {
            case .said(let reply): heard.replies.append(reply)
            case .failed(let why): heard.failures.append(why)
            }
        }
    }

    /// One turn of the loop.
    private func turn() throws {
        let now = MonotonicClock.now()
        for ready in try poll.wait() { poll.handle(ready, at: now) }
    }

    /// Whether the door's end has something to read.
    private var hasBytes: Bool {
        var interest = pollfd(fd: other, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&interest, 1, 0) == 1
    }

    private func write(_ bytes: [UInt8]) {
        #expect(Glibc.write(other, bytes, bytes.count) == bytes.count)
    }

    @Test func socketsGoWithTheirMessage() throws {
        let socket = try ListeningSocket(port: 0)
        link.send(.listen(ports: [6006]), sockets: [socket])
        let message = try #require(DescriptorSocket.receive(from: other))
        defer { DescriptorSocket.close(message.descriptors) }
        var decoder = LinkDecoder<DoorMessage>()
        decoder.take(message.bytes)
        #expect(try decoder.next() == .listen(ports: [6006]))
        #expect(message.descriptors.count == 1)
        #expect(SocketAddress.port(of: message.descriptors[0]) == SocketAddress.port(of: socket.descriptor))
    }

    @Test func whatTheSocketDoesNotTakeFollowsLater() throws {
        let state = DoorAppState(
            .failed, since: WallTime(milliseconds: 0), lastLines: [String(repeating: "x", count: 1 << 20)])
        let route = DoorRoute(app: "a", port: 6006, prefix: .root, state: state)
        let socket = try ListeningSocket(port: 0)
        for generation: UInt64 in 1...3 {
            link.send(.routes(DoorRoutes(generation: generation, routes: [route])))
        }
        link.send(.listen(ports: [6006]), sockets: [socket])
        link.send(.ping(7))
        var decoder = LinkDecoder<DoorMessage>()
        var messages: [DoorMessage] = []
        var descriptors: [Int32] = []
        while messages.count < 5 {
            guard hasBytes else {
                // Everything that was sent has been read, so the socket has room for more.
                try turn()
                continue
            }
            let message = try #require(DescriptorSocket.receive(from: other))
            decoder.take(message.bytes)
            descriptors += message.descriptors
            while let next = try decoder.next() { messages.append(next) }
        }
        #expect(messages.dropFirst(3) == [.listen(ports: [6006]), .ping(7)] && descriptors.count == 1)
        DescriptorSocket.close(descriptors)
    }

    @Test func repliesComeInAnyPieces() throws {
        let replies: [DoorReply] = [.serving(3), .pong(7), .trouble("a line")]
        for byte in replies.flatMap({ $0.frame() ?? [] }) {
            write([byte])
            try turn()
        }
        #expect(heard.replies == replies && heard.failures.isEmpty)
    }

    @Test func whatCannotBeReadEndsTheLink() throws {
        write([1, 0, 0, 0, 99])
        try turn()
        #expect(heard.replies.isEmpty && heard.failures.count == 1)
        link.send(.ping(1))
        #expect(heard.failures.count == 1)
    }

    @Test func aDoorThatIsGoneIsNoFailure() throws {
        #expect(close(other) == 0)
        link.send(.ping(1))
        link.send(.ping(2))
        #expect(heard.failures.isEmpty, "its process says that it has ended")
    }
}
