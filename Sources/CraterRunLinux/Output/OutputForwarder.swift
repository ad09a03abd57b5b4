internal import CraterRunCore
internal import Glibc

/// Passes the apps' output on to our own stdout and stderr, line by line, and remembers the last lines.
final class OutputForwarder {
    /// How long the queue may be full, while nobody reads from it, before output is dropped.
    static let patience = Duration.seconds(1)
    /// How much of each app's last output is remembered, in bytes.
    private static let recentLimit = 8 << 10

    /// The descriptor of ours that output goes to.
    enum Sink: Int, CaseIterable {
        case output = 1
        case error = 2
    }

    private struct Source {
        let descriptor: Int32
        let owner: String
        let sink: Sink
        var splitter: LineSplitter
        var isPaused = false
        /// Whether the output is thrown away: the source belongs to a run that has ended, and whose output is not shown.
        var isDropped = false
    }

    private let poll: EventPoll
    private let writers: [Sink: OutputWriter]
    /// The sources by their numbers. Each new source gets the next number. 0 is not a source's: crater-run's own lines
    /// are queued under 0.
    private var sources: [Int: Source] = [:]
    private var nextSource = 1
    /// As large as a pipe's buffer.
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// The last output of each app.
    private var recent: [String: [UInt8]] = [:]
    private var waits: [Sink: Wait] = [:]
    /// The output that is held back, by app.
    private var held: [String: HeldOutput] = [:]

    /// Sources wait for room in a queue: until when, and how much had been written when the wait began.
    private struct Wait {
        let deadline: MonotonicInstant
        let written: Int
    }

    /// When to start dropping output, if nobody has read anything by then.
    var deadline: MonotonicInstant? { waits.values.map(\.deadline).min() }

    /// - Parameter target: gives the descriptor of a sink.
    init(poll: EventPoll, target: (Sink) -> Int32 = { Int32($0.rawValue) }) throws(SystemCallError) {
        self.poll = poll
        var writers: [Sink: OutputWriter] = [:]
        for sink in Sink.allCases { writers[sink] = try OutputWriter(target: target(sink)) }
        self.writers = writers
        for (sink, writer) in writers {
            try poll.add(writer.progress, .input) { [weak self, weak writer] _ in
                writer?.acknowledgeProgress()
                self?.resume(sink)
            }
        }
    }

    /// Forwards the output from a pipe until its end. The forwarder closes the descriptor.
    ///
    /// - Parameter owner: the app that writes to the pipe.
    func forward(_ descriptor: Int32, of owner: String, to sink: Sink, tag: String) {
        let number = nextSource
        nextSource += 1
        sources[number] = Source(
            descriptor: descriptor, owner: owner, sink: sink, splitter: LineSplitter(tag: tag))
        watch(number)
    }

    /// Writes a line of crater-run's own.
    func write(_ line: String) {
        var splitter = LineSplitter(tag: "")
        let hasRoom = writers[.error]?.write(splitter.take(line.utf8) + splitter.finish(), from: 0) ?? true
        // Unlike a source, crater-run itself is not paused: its lines are dropped once the patience is over.
        if !hasRoom, waits[.error] == nil { startWaiting(.error, at: MonotonicClock.now()) }
    }

    /// The last lines of an app's output: at most 60, and at most ``recentLimit`` bytes.
    func recentLines(of owner: String) -> [String] {
        String(decoding: recent[owner] ?? [], as: UTF8.self).split(whereSeparator: \.isNewline).suffix(60).map(
            String.init)
    }

    /// Holds back the app's output from now on. If it reaches the limit of ``HeldOutput``, all of it is passed on.
    func hold(_ owner: String) {
        if held[owner] == nil { held[owner] = HeldOutput() }
    }

    /// Passes on the app's output that was held back, and stops holding it back.
    func release(_ owner: String) {
        for entry in held.removeValue(forKey: owner)?.entries ?? [] {
            _ = writers[entry.sink]?.write([entry.piece], from: entry.source)
        }
    }

    /// Throws away the app's output that was held back, and stops holding it back. Processes that the app has left
    /// behind may go on writing to the present sources: that output is thrown away too. A later source is not affected.
    func drop(_ owner: String) {
        held[owner] = nil
        for (number, source) in sources where source.owner == owner { sources[number]?.isDropped = true }
    }

    /// Writes the pieces, or holds them back.
    ///
    /// - Returns: false if the writer is full, so that the source has to wait.
    private func pass(_ pieces: [OutputPiece], of source: Source, from number: Int) -> Bool {
        if source.isDropped { return true }
        guard held[source.owner] != nil else { return writers[source.sink]?.write(pieces, from: number) ?? true }
        held[source.owner]?.add(pieces, to: source.sink, from: number)
        if held[source.owner]?.isFull ?? false { release(source.owner) }
        return true
    }

    /// Forgets an app's last lines: the output from now on is another run's.
    func forget(_ owner: String) {
        recent[owner] = nil
    }

    /// Reads what the apps have written, as far as there is room for it. Each source is read a limited number of times,
    /// since an app may write without end.
    func drain(at now: MonotonicInstant) {
        for number in sources.keys.sorted() {
            for _ in 0..<16 where sources[number]?.isPaused == false {
                guard read(number, at: now) else { break }
            }
        }
    }

    private func watch(_ number: Int) {
        guard let source = sources[number] else { return }
        do throws(SystemCallError) {
            try poll.add(source.descriptor, .input) { [weak self] now in self?.read(number, at: now) }
        } catch {
            // The kernel has no memory for another watch. The app's output is lost then, but the app does not stall on
            // a pipe that nobody reads.
            finish(number)
        }
    }

    /// Ends the waits that are due: if nothing was read since the wait began, output is dropped from now on. If
    /// anything was read, the wait begins anew.
    func expire(at now: MonotonicInstant) {
        for (sink, wait) in waits where wait.deadline <= now {
            if writers[sink]?.written == wait.written {
                writers[sink]?.startDropping()
                resume(sink)
            } else {
                startWaiting(sink, at: now)
            }
        }
    }

    /// Passes on the output that is left, and closes all sources.
    ///
    /// - Parameter limit: how long this may take.
    func close(within limit: Duration, at now: MonotonicInstant) {
        let end = now.advanced(by: limit)
        // A process that has a pipe open may write without end. The second half of the time is for writing what was
        // read.
        let lastRead = now.advanced(by: limit / 2)
        for number in sources.keys.sorted() {
            // Each pipe is read at least once, however full the queue is, since it may hold an app's last words.
            while read(number, at: now), sources[number]?.isPaused == false, MonotonicClock.now() < lastRead {}
            finish(number)
        }
        for sink in Sink.allCases { writers[sink]?.close(within: MonotonicClock.now().duration(to: end)) }
    }

    private func startWaiting(_ sink: Sink, at now: MonotonicInstant) {
        waits[sink] = Wait(
            deadline: now.advanced(by: OutputForwarder.patience),
            written: writers[sink]?.written ?? 0
        )
    }

    private func resume(_ sink: Sink) {
        waits[sink] = nil
        for (number, source) in sources where source.sink == sink && source.isPaused {
            sources[number]?.isPaused = false
            watch(number)
        }
    }

    /// Reads from a source once.
    ///
    /// - Returns: whether there may be more to read.
    @discardableResult
    private func read(_ number: Int, at now: MonotonicInstant) -> Bool {
        guard let source = sources[number] else { return false }
        let count = buffer.withUnsafeMutableBytes { Glibc.read(source.descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else {
            if count == 0 || errno != EAGAIN && errno != EINTR { finish(number) }
            return false
        }
        let chunk = buffer[..<count]
        // The last lines are to be those of the app's present run.
        if !source.isDropped { remember(chunk, of: source.owner) }
        // The splitter is changed in place: a copy would also copy the bytes that it holds back.
        let pieces = sources[number]?.splitter.take(chunk) ?? []
        if !pass(pieces, of: source, from: number) {
            sources[number]?.isPaused = true
            // The descriptor is removed from the poll: epoll reports a hang-up again and again, even without any
            // interest.
            poll.remove(source.descriptor)
            if waits[source.sink] == nil { startWaiting(source.sink, at: now) }
        }
        return true
    }

    private func finish(_ number: Int) {
        guard var source = sources.removeValue(forKey: number) else { return }
        poll.remove(source.descriptor)
        Glibc.close(source.descriptor)
        _ = pass(source.splitter.finish(), of: source, from: number)
    }

    private func remember(_ chunk: ArraySlice<UInt8>, of owner: String) {
        var bytes = recent[owner, default: []]
        // By index: here suffix(_:) would be the function for any sequence, which visits each byte.
        bytes += chunk[max(chunk.startIndex, chunk.endIndex - OutputForwarder.recentLimit)...]
        if bytes.count > OutputForwarder.recentLimit { bytes.removeFirst(bytes.count - OutputForwarder.recentLimit) }
        recent[owner] = bytes
    }
}
