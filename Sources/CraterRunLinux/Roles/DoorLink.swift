internal import CLinux
internal import CraterRunCore
internal import Glibc

/// The supervisor's end of the link to the front door: a UNIX stream socket that never makes the reactor wait.
final class DoorLink {
    /// A message on its way, and the sockets that go with its first byte.
    private struct Frame {
        var rest: ArraySlice<UInt8>
        var sockets: [ListeningSocket]
    }

    private let poll: EventPoll
    private let descriptor: Int32
    private let report: (Event) -> Void
    private var frames: [Frame] = []
    private var decoder = LinkDecoder<DoorReply>()
    private var waitsForRoom = false
    private var isOver = false

    /// What comes from the link.
    enum Event {
        case said(DoorReply)
        /// The link is of no use any more; the reason follows "the front door ".
        case failed(String)
    }

    /// - Parameters:
    ///   - descriptor: belongs to the link from now on. No call on it may wait.
    ///   - report: gets what comes. It may be called while the owner sends.
    init(_ descriptor: Int32, on poll: EventPoll, report: @escaping (Event) -> Void) throws(SystemCallError) {
        self.descriptor = descriptor
        self.poll = poll
        self.report = report
        try poll.add(descriptor, .input) { [weak self] _ in self?.proceed() }
    }

    deinit {
        end()
        close(descriptor)
    }

    /// Sends a message, or queues what the socket does not take now. If the door is gone, nothing happens: its end is
    /// known from the process.
    func send(_ message: DoorMessage, sockets: [ListeningSocket] = []) {
        guard !isOver else { return }
        guard let bytes = message.frame() else {
            return report(.failed("cannot be told all its routes: they are too long"))
        }
        frames.append(Frame(rest: bytes[...], sockets: sockets))
        flush()
    }

    private func proceed() {
        flush()
        receive()
    }

    private func flush() {
        while let frame = frames.first, !isOver {
            let sent: Int
            do throws(SystemCallError) {
                sent = try DescriptorSocket.send(
                    frame.rest, descriptors: frame.sockets.map(\.descriptor), to: descriptor)
            } catch {
                return end()
            }
            guard sent > 0 else { break }
            if sent < frame.rest.count {
                frames[0].rest = frame.rest.dropFirst(sent)
                // They went with the first byte.
                frames[0].sockets = []
            } else {
                frames.removeFirst()
            }
        }
        guard !isOver, waitsForRoom == frames.isEmpty else { return }
        waitsForRoom = !frames.isEmpty
        try? poll.change(descriptor, waitsForRoom ? [.input, .output] : .input)
    }

    private func receive() {
        // A few reads in a turn: a door that talks without end must not keep the reactor from its other work.
        for _ in 0..<8 where !isOver {
            var buffer = [UInt8](repeating: 0, count: 16 << 10)
            let count: Int
            do throws(SystemCallError) {
                count = try systemCall("read") { read(descriptor, &buffer, buffer.count) }
            } catch {
                if error.number != EAGAIN { end() }
                return
            }
            guard count > 0 else { return end() }
            decoder.take(buffer.prefix(count))
            do throws(LinkFailure) {
                while !isOver, let reply = try decoder.next() { report(.said(reply)) }
            } catch {
                end()
                return report(.failed("says what cannot be understood: \(error.reason)"))
            }
        }
    }

    private func end() {
        guard !isOver else { return }
        isOver = true
        frames = []
        poll.remove(descriptor)
    }
}
