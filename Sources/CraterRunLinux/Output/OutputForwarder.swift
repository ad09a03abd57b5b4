internal import CraterRunCore
internal import Glibc

/// Passes apps' output on to ours, line by line, and remembers the last of it.
final class OutputForwarder {
    /// How long a full queue's reader may take nothing before output is dropped.
    static let patience = Duration.seconds(1)
    private static let recentLimit = 4 << 10

    /// Which of our descriptors.
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
    }

    private let poll: EventPoll
    private let writers: [Sink: OutputWriter]
    /// By their numbers, which grow. Zero is no source: crater-run's own lines are queued under this number.
    private var sources: [Int: Source] = [:]
    private var nextSource = 1
    /// As much as a pipe holds.
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    /// The last of each owner's output.
    private var recent: [String: [UInt8]] = [:]
    private var waits: [Sink: Wait] = [:]
    /// What owners have written whose output is kept back.
    private var held: [String: HeldOutput] = [:]

    /// Sources wait for room: until when, and how much was written when that was settled.
    private struct Wait {
        let deadline: MonotonicInstant
        let written: Int
    }

    /// When to start dropping, if nothing is taken until then.
    var deadline: MonotonicInstant? { waits.values.map(\.deadline).min() }

    /// - Parameter target: the descriptor that a sink is.
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

    /// Forwards what comes out of a pipe until its end; the descriptor is the forwarder's from now on.
    ///
    /// - Parameter owner: the app that writes to it.
    func forward(_ descriptor: Int32, of owner: String, to sink: Sink, tag: String) {
        let number = nextSource
        nextSource += 1
        sources[number] = Source(
            descriptor: descriptor, owner: owner, sink: sink, splitter: LineSplitter(tag: tag))
        watch(number)
    }

    /// A line of crater-run's own.
    func write(_ line: String) {
        var splitter = LineSplitter(tag: "")
        let hasRoom = writers[.error]?.write(splitter.take(line.utf8) + splitter.finish(), from: 0) ?? true
        // Nobody to pause here: what is too much is dropped, once the reader has had its time.
        if !hasRoom, waits[.error] == nil { startWaiting(.error, at: MonotonicClock.now()) }
    }

    /// The last lines of an app's output, at most ten.
    func recentLines(of owner: String) -> [String] {
        String(decoding: recent[owner] ?? [], as: UTF8.self).split(whereSeparator: \.isNewline).suffix(10).map(
            String.init)
    }

    /// Keeps back what an app writes from now on, as far as that is not too much to keep.
    func hold(_ owner: String) {
        if held[owner] == nil { held[owner] = HeldOutput() }
    }

    /// Passes on what was kept back of an app's output, and what comes now.
    func release(_ owner: String) {
        for entry in held.removeValue(forKey: owner)?.entries ?? [] {
            _ = writers[entry.sink]?.write([entry.piece], from: entry.source)
        }
    }

    /// Forgets what was kept back of an app's output.
    func drop(_ owner: String) {
        held[owner] = nil
    }

    /// - Returns: false if the writer is full, and the source has to wait.
    private func pass(_ pieces: [OutputPiece], of source: Source, from number: Int) -> Bool {
        guard held[source.owner] != nil else { return writers[source.sink]?.write(pieces, from: number) ?? true }
        held[source.owner]?.add(pieces, to: source.sink, from: number)
        if held[source.owner]?.isFull ?? false { release(source.owner) }
        return true
    }

    /// Forgets an app's last lines: what comes now is another run's.
    func forget(_ owner: String) {
        recent[owner] = nil
    }

    /// Takes in what has been written, as far as there is room for it; a source that never ends gets a bounded turn.
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
            // Out of memory for a watch: rather no output than an app that stalls on a pipe that nobody reads.
            finish(number)
        }
    }

    /// The reader of our output has had its time; if it took something, however little, it gets as much again.
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

    /// Passes on what is there, and ends: at most for this long.
    func close(within limit: Duration, at now: MonotonicInstant) {
        let end = now.advanced(by: limit)
        // Somebody who holds a pipe may write on and on; what was read has to be written too.
        let lastRead = now.advanced(by: limit / 2)
        for number in sources.keys.sorted() {
            // Once in any case: what a pipe holds are an app's last words, however full the queue is.
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

    /// Reads once. Returns whether there may be more.
    @discardableResult
    private func read(_ number: Int, at now: MonotonicInstant) -> Bool {
        guard let source = sources[number] else { return false }
        let count = buffer.withUnsafeMutableBytes { Glibc.read(source.descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else {
            if count == 0 || errno != EAGAIN && errno != EINTR { finish(number) }
            return false
        }
        let chunk = buffer[..<count]
        remember(chunk, of: source.owner)
        // In place: a copy of the splitter would copy what it holds back.
        let pieces = sources[number]?.splitter.take(chunk) ?? []
        if !pass(pieces, of: source, from: number) {
            sources[number]?.isPaused = true
            // Out of the set altogether: a hang-up would be told over and over even without interest.
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
        // By index: suffix(_:) in this place is that of any sequence, and looks at each byte.
        bytes += chunk[max(chunk.startIndex, chunk.endIndex - OutputForwarder.recentLimit)...]
        if bytes.count > OutputForwarder.recentLimit { bytes.removeFirst(bytes.count - OutputForwarder.recentLimit) }
        recent[owner] = bytes
    }
}
