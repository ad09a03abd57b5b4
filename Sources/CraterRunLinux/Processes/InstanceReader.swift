internal import CraterRunCore
internal import Glibc
internal import Synchronization

/// Reads from other processes which app they belong to (``LaunchMarker``), and never waits long for a process.
///
/// A read of `/proc/<pid>/environ` copies from that process's memory, and takes as long as that memory takes to answer:
/// forever, if the process has mapped its environment from a dead file system (proc_pid_environ(5),
/// PR_SET_MM_ENV_START). So a thread reads, and a process that does not answer in time is skipped.
final class InstanceReader: Sendable {
    /// How long one process may take to answer.
    private static let patience = Duration.milliseconds(300)
    /// How long all of one call may take: the reactor waits for it.
    private static let longest = Duration.seconds(1)
    /// How many threads may hang; from then on no environment is read.
    private static let mostStuck = 8

    /// The processes of one call, and what is known of them so far.
    private final class Batch: Sendable {
        struct State {
            var found: [ProcessIdentity: Reading] = [:]
            /// The process that is being read.
            var current: ProcessIdentity?
            /// Set once no caller waits for this thread any more.
            var isAbandoned = false
        }

        let state = Mutex(State())
        let progress: Mailbox<Void>

        init() throws(SystemCallError) { progress = try Mailbox() }
    }

    /// What was read from one process: the marker's value, nil if the process has no marker.
    enum Reading: Hashable {
        case instance(String?)
        /// The environment may not be read, or was not read in time.
        case unreadable
        /// The process has ended.
        case gone
    }

    /// Reads the marker of one process.
    typealias Read = @Sendable (Int32) throws(SystemCallError) -> String?

    private let read: Read
    /// The processes at which a thread hangs.
    private let stuck = Mutex<Set<ProcessIdentity>>([])

    init(read: @escaping Read = { pid throws(SystemCallError) in try ProcessTable.instance(of: pid) }) {
        self.read = read
    }

    /// The marker's value in each of these processes.
    func instances(of processes: [ProcessIdentity]) -> [ProcessIdentity: Reading] {
        var found: [ProcessIdentity: Reading] = [:]
        let isStuck = stuck.withLock { $0 }
        var rest = processes.filter { !isStuck.contains($0) }
        for process in processes where isStuck.contains(process) { found[process] = .unreadable }
        let end = MonotonicClock.now().advanced(by: InstanceReader.longest)
        while !rest.isEmpty {
            guard MonotonicClock.now() < end, stuck.withLock({ $0.count }) < InstanceReader.mostStuck else {
                for process in rest { found[process] = .unreadable }
                break
            }
            let known = readAll(rest, until: end)
            found.merge(known) { old, _ in old }
            rest.removeAll { found[$0] != nil }
        }
        return found
    }

    /// Reads the processes one after the other, until all are known or one does not answer in time: that one is
    /// unreadable.
    private func readAll(_ processes: [ProcessIdentity], until end: MonotonicInstant) -> [ProcessIdentity: Reading] {
        do throws(SystemCallError) {
            let batch = try Batch()
            try DetachedThread.start { self.run(processes, batch) }
            return wait(for: processes, batch, until: end)
        } catch {
            // No thread or descriptor is available: read on this thread.
            var found: [ProcessIdentity: Reading] = [:]
            for process in processes { found[process] = reading(of: process) }
            return found
        }
    }

    private func run(_ processes: [ProcessIdentity], _ batch: Batch) {
        for process in processes {
            let goesOn = batch.state.withLock { state in
                if !state.isAbandoned { state.current = process }
                return !state.isAbandoned
            }
            guard goesOn else { break }
            let reading = reading(of: process)
            batch.state.withLock { $0.found[process] = reading }
        }
        // The process at which this thread hung answers again.
        let last = batch.state.withLock { $0.isAbandoned ? $0.current : nil }
        if let last { stuck.withLock { _ = $0.remove(last) } }
        batch.progress.wake()
    }

    private func wait(for processes: [ProcessIdentity], _ batch: Batch, until end: MonotonicInstant)
        -> [ProcessIdentity: Reading]
    {
        var last = 0
        while true {
            var entry = pollfd(fd: batch.progress.descriptor, events: Int16(POLLIN), revents: 0)
            let isOver = poll(&entry, 1, Int32(clamping: InstanceReader.patience.clampedNanoseconds / 1_000_000)) == 1
            let outcome = batch.state.withLock { state -> [ProcessIdentity: Reading]? in
                if isOver || state.found.count == processes.count { return state.found }
                guard state.found.count == last || MonotonicClock.now() >= end else {
                    last = state.found.count
                    return nil
                }
                state.isAbandoned = true
                // A thread that has not even begun has read no process.
                guard let current = state.current else {
                    return state.found.merging(processes.map { ($0, .unreadable) }) { old, _ in old }
                }
                stuck.withLock { _ = $0.insert(current) }
                return state.found.merging([current: .unreadable]) { old, _ in old }
            }
            if let outcome { return outcome }
        }
    }

    private func reading(of process: ProcessIdentity) -> Reading {
        do throws(SystemCallError) {
            return .instance(try read(process.pid))
        } catch {
            return error.number == EACCES || error.number == EPERM ? .unreadable : .gone
        }
    }
}
