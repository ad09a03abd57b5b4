internal import CLinux
internal import CraterRunCore
internal import Glibc
internal import Synchronization

/// Writes to one of our standard descriptors on a thread of its own, which may block: nobody else ever waits for it. The
/// descriptor is the job's open file too, so nothing about it is ever changed.
///
/// A bounded queue; what overflows while the reader makes no progress is dropped in whole lines, and counted.
final class OutputWriter: Sendable {
    /// Bytes that wait at most.
    static let capacity = 1 << 20

    private let target: Int32
    /// Wakes the thread; counts what was queued.
    private let wake: Int32
    /// Told when the queue, having been full, is half empty, and when everything is written after ``close(within:)``.
    let progress: Int32
    private let count = Atomic(0)
    private let queue: Mutex<OutputQueue>
    /// Where the host refuses a thread: whoever writes passes on what can be written without waiting.
    private let isAlone = Atomic(false)
    /// What has been taken from the queue then, and waits.
    private let taken = Mutex<[[UInt8]]>([])

    /// - Parameter start: begins a thread.
    init(
        target: Int32,
        start: (@escaping @Sendable () -> Void) throws(SystemCallError) -> Void = DetachedThread.start
    ) throws(SystemCallError) {
        self.target = target
        queue = Mutex(OutputQueue(capacity: OutputWriter.capacity, limit: OutputWriter.limit(of: target)))
        let wake = try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC)) }
        do throws(SystemCallError) {
            progress = try systemCall("eventfd") { eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }
        } catch {
            Glibc.close(wake)
            throw error
        }
        self.wake = wake
        // The thread keeps the writer alive: there is one for the life of the process.
        do throws(SystemCallError) { try start { self.run() } } catch {
            isAlone.store(true, ordering: .relaxed)
        }
    }

    deinit {
        Glibc.close(wake)
        Glibc.close(progress)
    }

    /// How much goes out in one write(2), in bytes. To a pipe (and to a socket) more than PIPE_BUF could mix with what the
    /// job writes (pipe(7)), and a slow terminal is seen to read by each write; a file takes any write as a whole, at once.
    private static func limit(of target: Int32) -> Int {
        var status = stat()
        guard fstat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return Int(PIPE_BUF) }
        return 32 << 10
    }

    /// Queues pieces of one source.
    ///
    /// - Returns: whether there is room for more; if not, ``progress`` tells when there is.
    func write(_ pieces: [OutputPiece], from source: Int) -> Bool {
        let hasRoom = queue.withLock { queue in
            for piece in pieces { queue.append(piece, from: source) }
            return queue.requestRoom()
        }
        if isAlone.load(ordering: .relaxed) { writeAlone(within: .zero) } else { signal(wake) }
        return hasRoom
    }

    /// How many pieces have gone out so far: does not stand still while somebody reads.
    var written: Int { count.load(ordering: .relaxed) }

    /// Nothing has been read for a while: lose output rather than stall an app.
    func startDropping() {
        queue.withLock { $0.startDropping() }
        if isAlone.load(ordering: .relaxed) { writeAlone(within: .zero) }
    }

    /// Waits until everything is written, but not for longer than this.
    func close(within limit: Duration) {
        if isAlone.load(ordering: .relaxed) { return writeAlone(within: limit) }
        queue.withLock { $0.isClosing = true }
        signal(wake)
        let end = MonotonicClock.now().advanced(by: limit)
        while !queue.withLock({ $0.isFinished }) {
            let left = MonotonicClock.now().duration(to: end).clampedNanoseconds / 1_000_000
            guard left > 0 else { return }
            var poll = pollfd(fd: progress, events: Int16(POLLIN), revents: 0)
            _ = Glibc.poll(&poll, 1, Int32(clamping: left))
            acknowledgeProgress()
        }
    }

    func acknowledgeProgress() {
        var count: UInt64 = 0
        _ = read(progress, &count, MemoryLayout<UInt64>.size)
    }

    private func signal(_ descriptor: Int32) {
        var one: UInt64 = 1
        _ = Glibc.write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// The thread's body.
    private func run() {
        while true {
            let (batch, isClosing) = queue.withLock { ($0.take(), $0.isClosing) }
            if batch.isEmpty {
                if isClosing {
                    queue.withLock { $0.isFinished = true }
                    signal(progress)
                    return
                }
                var count: UInt64 = 0
                _ = read(wake, &count, MemoryLayout<UInt64>.size)
                continue
            }
            for piece in batch {
                writeAll(piece)
                count.wrappingAdd(1, ordering: .relaxed)
                if queue.withLock({ $0.wrote(piece.count) }) { signal(progress) }
            }
        }
    }

    /// Without a thread: writes as long as there is room at the other end, and waits for that no longer than this.
    private func writeAlone(within limit: Duration) {
        let end = MonotonicClock.now().advanced(by: limit)
        while true {
            let next = taken.withLock { taken in
                if taken.isEmpty { taken = queue.withLock { $0.take() } }
                return taken.first
            }
            guard let next else { return }
            // A pipe that has room at all has it for a piece (PIPE_BUF).
            let left = max(0, MonotonicClock.now().duration(to: end).clampedNanoseconds / 1_000_000)
            var room = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
            guard poll(&room, 1, Int32(clamping: left)) == 1 else { return }
            writeAll(next)
            taken.withLock { _ = $0.removeFirst() }
            count.wrappingAdd(1, ordering: .relaxed)
            if queue.withLock({ $0.wrote(next.count) }) { signal(progress) }
        }
    }

    /// Writes one piece; a descriptor that is closed, broken or full loses it, and is tried again with the next.
    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while let start = rest.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: rest).baseAddress {
                let count = Glibc.write(target, start, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // Somebody else made it non-blocking.
                    var poll = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
                    _ = Glibc.poll(&poll, 1, -1)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
