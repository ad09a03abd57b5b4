internal import Synchronization

/// The system call on a path that a thread has begun and that has not returned yet: so that, while the thread hangs, another
/// thread can say in what.
package final class WaitingCall: Sendable {
    private let path = Mutex<String?>(nil)

    /// The one that calls of this thread are noted in. A task-local value, which a thread without tasks has for itself; it is
    /// set for one body alone.
    @TaskLocal static var current: WaitingCall?

    package init() {}

    /// The path of the call under way; nil between two calls.
    package var subject: String? { path.withLock { $0 } }

    /// Runs the body, whose calls on paths are noted here.
    package func watch<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome = WaitingCall.$current.withValue(self) { () -> Swift.Result<Result, Failure> in
            do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// Runs one call on a path.
    static func on<Result>(_ subject: @autoclosure () -> String, _ call: () -> Result) -> Result {
        guard let current else { return call() }
        let name = subject()
        // A call on no path waits for nobody.
        guard !name.isEmpty else { return call() }
        current.path.withLock { $0 = name }
        defer { current.path.withLock { $0 = nil } }
        return call()
    }
}
