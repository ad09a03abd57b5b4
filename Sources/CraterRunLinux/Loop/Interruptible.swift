package import CraterRunCore
internal import CLinux
internal import Glibc
internal import Synchronization

/// Runs a call that may hang, and stops waiting for it at a time limit or when a signal asks crater-run to end. For
/// commands that have blocked all signals and have no reactor yet.
package enum Interruptible {
    package enum Outcome<Value> {
        case done(Value)
        /// The time limit was reached before the body returned.
        case timeout
        case interrupted(by: Signal)
    }

    /// Runs the body on a thread of its own. After a timeout or an interruption the body goes on there, and its value
    /// is lost.
    ///
    /// - Parameter limit: how long to wait for the body; nil for no limit.
    package static func run<Value>(
        _ inherited: InheritedSignals, within limit: Duration? = nil, _ body: sending @escaping () -> Value
    ) -> Outcome<Value> {
        // A blocked signal wakes no thread, so the pending signals are polled; a person does not notice 20 ms.
        run(within: limit, every: .milliseconds(20), body) { ThisProcess.pendingStop(inherited) }
    }

    /// Runs the body in the same way, but signals do not interrupt the wait; nil if the body takes longer than the
    /// limit.
    package static func run<Value>(within limit: Duration, _ body: sending @escaping () -> Value) -> Value? {
        if case .done(let value) = run(within: limit, every: limit, body, { nil }) { value } else { nil }
    }

    private static func run<Value>(
        within limit: Duration?, every interval: Duration, _ body: sending @escaping () -> Value,
        _ interruption: () -> Signal?
    ) -> Outcome<Value> {
        let call = Call(body)
        do throws(SystemCallError) {
            let done = try Mailbox<Void>()
            try DetachedThread.start {
                call.run()
                done.post(())
            }
            let end = limit.map { MonotonicClock.now().advanced(by: $0) }
            while true {
                if let value = call.takeValue() { return .done(value) }
                if let signal = interruption() { return .interrupted(by: signal) }
                let left = end.map { MonotonicClock.now().duration(to: $0) } ?? interval
                guard left > .zero else { return .timeout }
                var entry = pollfd(fd: done.descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&entry, 1, Int32(clamping: min(left, interval).clampedNanoseconds / 1_000_000 + 1))
            }
        } catch {
            // The host refuses a thread or a descriptor, so the body runs on this thread. No signal can interrupt it
            // here.
            call.run()
            return call.takeValue().map { .done($0) } ?? .timeout
        }
    }

    /// A body and, after it has run, its value. Unchecked: only one thread runs the body, and a lock protects the
    /// value.
    private final class Call<Value>: @unchecked Sendable {
        private let body: () -> Value
        private let lock = Mutex<Void>(())
        private var value: Value?

        init(_ body: @escaping () -> Value) {
            self.body = body
        }

        func run() {
            let result = body()
            lock.withLock { _ in value = result }
        }

        func takeValue() -> Value? {
            lock.withLock { _ in
                defer { value = nil }
                return value
            }
        }
    }
}
