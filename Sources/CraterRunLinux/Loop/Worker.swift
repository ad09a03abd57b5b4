internal import Synchronization

/// Runs jobs one after the other on a thread of its own. The thread begins with the first job and ends when none is left, so
/// that a worker that has nothing to do costs nothing.
///
/// For calls that may wait for the host for as long as the host likes, such as those on a network file system whose server is
/// gone: what waits is this worker alone.
package final class Worker: Sendable {
    package typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether a job is under way or waits.
    package var isBusy: Bool { state.withLock { $0.isRunning } }

    /// Has a job run after those before it. Where the host grants no thread, it is run here and now.
    package func submit(_ job: @escaping Job) {
        let begins = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard begins else { return }
        do throws(SystemCallError) { try DetachedThread.start { self.run() } } catch { run() }
    }

    private func run() {
        while let job = next() { job() }
    }

    private func next() -> Job? {
        state.withLock { state in
            guard !state.jobs.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.jobs.removeFirst()
        }
    }
}
