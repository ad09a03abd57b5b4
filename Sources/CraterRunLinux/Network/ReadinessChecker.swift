internal import CraterRunCore
internal import Glibc

/// Checks on a reactor's poll whether an app is ready: one check at a time, of which no call waits. The owner calls
/// ``expire(at:)`` when the ``deadline`` has come.
final class ReadinessChecker {
    private struct Check {
        let exchange: HTTPExchange
        let deadline: MonotonicInstant
        let report: (CheckOutcome) -> Void
    }

    private let poll: EventPoll
    /// The check under way.
    private var check: Check?

    init(on poll: EventPoll) {
        self.poll = poll
    }

    /// The end of the time that the app has to answer; nil if no check is under way.
    var deadline: MonotonicInstant? { check?.deadline }

    /// Begins a check; a check that is under way is abandoned.
    ///
    /// - Parameter report: gets the outcome once, unless the check is abandoned; at once if the check cannot begin.
    func start(_ request: ReadinessRequest, at now: MonotonicInstant, report: @escaping (CheckOutcome) -> Void) {
        cancel()
        do throws(SystemCallError) {
            let exchange = try request.begin()
            try poll.add(exchange.descriptor, .output) { [weak self] _ in self?.proceed() }
            check = Check(
                exchange: exchange, deadline: now.advanced(by: ReadinessRequest.timeout), report: report)
        } catch {
            report(ReadinessRequest.outcome(of: HTTPResponse(), failure: error))
        }
    }

    /// Ends a check whose time is up; what has arrived decides.
    func expire(at now: MonotonicInstant) {
        guard let deadline, deadline <= now else { return }
        end(SystemCallError(call: "poll", number: ETIMEDOUT))
    }

    /// Abandons the check under way.
    func cancel() {
        // Before the descriptor is closed.
        if let check { poll.remove(check.exchange.descriptor) }
        check = nil
    }

    private func proceed() {
        guard let exchange = check?.exchange else { return }
        do throws(SystemCallError) {
            switch try exchange.proceed() {
            case .waiting(let interest): try poll.change(exchange.descriptor, interest)
            case .done: end(nil)
            }
        } catch { end(error) }
    }

    private func end(_ failure: SystemCallError?) {
        guard let check else { return }
        cancel()
        check.report(ReadinessRequest.outcome(of: check.exchange.response, failure: failure))
    }
}
