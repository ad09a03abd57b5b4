package import CraterRunCore
internal import CLinux
internal import Glibc
internal import Synchronization

/// Waits for something that the host may not answer, and for a signal that asks for our end meanwhile: for commands that have
/// blocked all signals and have no reactor yet.
package enum Interruptible {
    package enum Outcome<Value> {
        case done(Value)
        /// The time was over first.
        case timeout
        case interrupted(by: Signal)
    }

    /// Runs the body on a thread of its own. Where it is not waited for to its end, it goes on there, and its value is lost.
    ///
    /// - Parameter limit: how long it may take; nil: as long as it wants.
    package static func run<Value>(
        _ inherited: InheritedSignals, within limit: Duration? = nil, _ body: sending @escaping () -> Value
    ) -> Outcome<Value> {
        // Signals are blocked, and so wake nobody: looked for as often as a person does not notice.
        run(within: limit, every: .milliseconds(20), body) { ThisProcess.pendingStop(inherited) }
    }

    /// The same, whatever signals come; nil where the body takes longer.
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
            // No thread is to be had: then here, and whoever wants us to end has to wait.
            call.run()
            return call.takeValue().map { .done($0) } ?? .timeout
        }
    }

    /// A body and, after it has run, its value. Unchecked: the body is run by one thread alone, and the value is behind a lock.
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
