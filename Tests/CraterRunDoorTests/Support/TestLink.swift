import CraterRunCore
import CraterRunDoor
import CraterRunLinux
import Glibc

/// The supervisor's end of a door's link.
final class TestLink: Sendable {
    private struct State {
        var decoder = LinkDecoder<DoorReply>()
        var isClosed = false
    }

    private let descriptor: Int32
    private let state = Locked(State())
    /// How the door saw the link end.
    let ending = Locked<[String?]>([])

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// Starts a door on a thread of its own.
    static func start(descriptors: Int) throws -> (TestLink, DoorLoop) {
        var ends: [Int32] = [-1, -1]
        try systemCall("socketpair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) }
        let (own, other) = (ends[0], ends[1])
        let link = TestLink(descriptor: own)
        var start = DoorLoop.Start(link: other, descriptors: descriptors) { reason in
            link.ending.with { $0 += [reason] }
        }
        start.isTimed = false
        let loop = Locked<DoorLoop?>(nil)
        start.started = { started in loop.with { $0 = started } }
        let settings = start
        try DetachedThread.start {
            DoorLoop.run(settings)
            Glibc.close(other)
        }
        // The answer shows that the loop runs.
        try link.send(.ping(0))
        _ = try link.reply { $0 == .pong(0) }
        guard let started = loop.with({ $0 }) else { throw Failure("the door has not started") }
        return (link, started)
    }

    func close() {
        let wasClosed = state.with { state in
            defer { state.isClosed = true }
            return state.isClosed
        }
        if !wasClosed { Glibc.close(descriptor) }
    }

    func send(_ message: DoorMessage, descriptors: [Int32] = []) throws {
        guard let frame = message.frame() else { throw Failure("the message is too long") }
        try send(frame, descriptors: descriptors)
    }

    func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws {
        guard try DescriptorSocket.send(bytes, descriptors: descriptors, to: descriptor) == bytes.count else {
            throw Failure("the link is full")
        }
    }

    /// Sends as fast as the door reads.
    func sendAll(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&entry, 1, TestTime.milliseconds) == 1 else { throw Failure("the door does not read") }
            rest = rest.dropFirst(try DescriptorSocket.send(Array(rest.prefix(1024)), to: descriptor))
        }
    }

    /// Reads replies until one is as wanted.
    func reply(where isWanted: (DoorReply) -> Bool) throws -> DoorReply {
        while true {
            let next = try state.with { state in Result { () throws in try state.decoder.next() } }.get()
            if let next {
                if isWanted(next) { return next }
                continue
            }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, TestTime.milliseconds) == 1, let read = DescriptorSocket.receive(from: descriptor)
            else {
                throw Failure("the door does not reply")
            }
            state.with { $0.decoder.take(read.bytes) }
        }
    }

    /// What the door tells about the use of its app.
    func activity(where isWanted: (DoorActivity) -> Bool) throws -> DoorActivity {
        var found: DoorActivity?
        _ = try reply {
            guard case .activity(let all) = $0 else { return false }
            found = all.first { isWanted($0) }
            return found != nil
        }
        guard let found else { throw Failure("there is no activity") }
        return found
    }
}
