internal import CLinux
internal import CraterRunCore
internal import Glibc
internal import Synchronization

/// Writes to one of our standard descriptors. A thread of the writer's own does this and may block, so no other thread
/// waits. The job shares the descriptor's open file, so the writer never changes the file's flags.
///
/// The queue is bounded. If it overflows while nobody reads, whole lines are dropped and counted.
final class OutputWriter: Sendable {
    /// The queue's capacity in bytes.
    static let capacity = 1 << 20

    private let target: Int32
    /// An eventfd that wakes the thread when something was queued.
    private let wake: Int32
    /// An eventfd that is signaled when a queue that was full is half empty, and when everything has been written after
    /// ``close(within:)``.
    let progress: Int32
    private let count = Atomic(0)
    private let queue: Mutex<OutputQueue>
    /// Whether the host refused a thread. Then each caller of ``write(_:from:)`` writes what can be written without
    /// waiting.
    private let isAlone = Atomic(false)
    /// Without a thread: the pieces that were taken from the queue, and have not been written yet.
    private let taken = Mutex<[[UInt8]]>([])

    /// - Parameter start: starts a thread.
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
        // The thread keeps the writer alive, until the process ends or the writer is closed.
        do throws(SystemCallError) { try start { self.run() } } catch {
            isAlone.store(true, ordering: .relaxed)
        }
    }

    deinit {
        Glibc.close(wake)
        Glibc.close(progress)
    }

    /// How much one write(2) writes at most, in bytes. In a pipe, more than PIPE_BUF could mix with the job's output
    /// (pipe(7)). With small writes, even a slow terminal is seen to read. A regular file takes a large write at once.
    private static func limit(of target: Int32) -> Int {
        var status = stat()
        guard fstat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return Int(PIPE_BUF) }
        return 32 << 10
    }

    /// Queues the pieces of one source.
    ///
    /// - Returns: whether there is room for more. If not, ``progress`` is signaled once there is.
    func write(_ pieces: [OutputPiece], from source: Int) -> Bool {
        let hasRoom = queue.withLock { queue in
            for piece in pieces { queue.append(piece, from: source) }
            return queue.requestRoom()
        }
        if isAlone.load(ordering: .relaxed) { writeAlone(within: .zero) } else { signal(wake) }
        return hasRoom
    }

    /// How many pieces have been written so far. The number grows as long as somebody reads.
    var written: Int { count.load(ordering: .relaxed) }

    /// Has to be called if nobody has read for a while: drops output, so that no app stalls.
    func startDropping() {
        queue.withLock { $0.startDropping() }
        if isAlone.load(ordering: .relaxed) { writeAlone(within: .zero) }
    }

    /// Waits until everything has been written, but not longer than the limit.
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

    /// Without a thread: writes as long as the descriptor can take more. Waits for that no longer than the limit.
    private func writeAlone(within limit: Duration) {
        let end = MonotonicClock.now().advanced(by: limit)
        while true {
            let next = taken.withLock { taken in
                if taken.isEmpty { taken = queue.withLock { $0.take() } }
                return taken.first
            }
            guard let next else { return }
            // A pipe that poll(2) calls writable has room for a whole piece (PIPE_BUF).
            let left = max(0, MonotonicClock.now().duration(to: end).clampedNanoseconds / 1_000_000)
            var room = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
            guard poll(&room, 1, Int32(clamping: left)) == 1 else { return }
            writeAll(next)
            taken.withLock { _ = $0.removeFirst() }
            count.wrappingAdd(1, ordering: .relaxed)
            if queue.withLock({ $0.wrote(next.count) }) { signal(progress) }
        }
    }

    /// Writes one piece. If the write fails (a closed descriptor, a broken pipe, a full disk), the piece is lost, and
    /// the next piece is tried again.
    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while let start = rest.isEmpty ? nil : UnsafeRawBufferPointer(rebasing: rest).baseAddress {
                let count = Glibc.write(target, start, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // Another process has made the open file non-blocking.
                    var poll = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
                    _ = Glibc.poll(&poll, 1, -1)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}
