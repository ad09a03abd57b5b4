internal import Synchronization

/// Records the path of the system call that a thread is in, so that another thread can say what the thread waits for if
/// the call hangs.
package final class WaitingCall: Sendable {
    private let path = Mutex<String?>(nil)

    /// Where this thread records its calls. A task-local value belongs to one thread if the thread runs no tasks;
    /// ``watch(_:)`` sets it for the time of its body.
    @TaskLocal static var current: WaitingCall?

    package init() {}

    /// The path of the call that has not returned yet; nil between two calls.
    package var subject: String? { path.withLock { $0 } }

    /// Runs the body, and records its calls on paths here.
    package func watch<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome = WaitingCall.$current.withValue(self) { () -> Swift.Result<Result, Failure> in
            do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// Runs one call, and records its path while it runs.
    static func on<Result>(_ subject: @autoclosure () -> String, _ call: () -> Result) -> Result {
        guard let current else { return call() }
        let name = subject()
        // A call without a path does not hang.
        guard !name.isEmpty else { return call() }
        current.path.withLock { $0 = name }
        defer { current.path.withLock { $0 = nil } }
        return call()
    }
}
