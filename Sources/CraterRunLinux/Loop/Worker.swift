internal import Synchronization

/// Runs jobs one after the other on a thread of its own. The thread begins with the first job and ends when no job is
/// left, so an idle worker costs nothing.
///
/// For calls that may hang without limit, such as calls on a network file system whose server is gone: only this worker
/// waits for them.
package final class Worker: Sendable {
    package typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Whether a job runs or waits.
    package var isBusy: Bool { state.withLock { $0.isRunning } }

    /// Runs a job after the jobs that were submitted before. If the host refuses a thread, this call runs the job
    /// itself.
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
