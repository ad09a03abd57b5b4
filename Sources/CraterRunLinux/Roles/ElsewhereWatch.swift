internal import CraterRunCore

/// Finds out whether an app listens at other ports than its own. Waiting does not mend this mistake, so it is reported
/// early.
struct ElsewhereWatch {
    /// The time between the first two looks. It doubles with each look: an app with a wrong port may end soon.
    private static let firstInterval = Duration.milliseconds(200)
    /// The longest time between two looks. Each look reads all descriptors of the app's processes.
    private static let longestInterval = Duration.seconds(1)

    /// How long an app may have unexpected ports on the loopback address alone before its own port is missed.
    private static let patience = Duration.seconds(5)

    /// The ports that the app may open first.
    private let early: EarlyPorts

    private var interval = ElsewhereWatch.firstInterval
    private var nextLook: MonotonicInstant?
    /// The time of the first look that showed listeners; nil if the last look showed none.
    private var since: MonotonicInstant?
    /// What the looks have shown; nil as long as the app may just not listen yet.
    private(set) var outcome: CheckOutcome?

    init(of app: any WebApp) {
        early = app.earlyPorts
    }

    /// Whether it is time for another look.
    mutating func isDue(at now: MonotonicInstant) -> Bool {
        if let nextLook, nextLook > now { return false }
        nextLook = now.advanced(by: interval)
        interval = min(interval * 2, ElsewhereWatch.longestInterval)
        return true
    }

    /// Takes the result of a look: the current listeners of the app's processes. An app that has opened its own port since
    /// the check was refused is where it should be.
    ///
    /// - Parameter port: the app's own port.
    mutating func take(_ listeners: [Listener], besides port: UInt16, at now: MonotonicInstant) {
        guard !listeners.isEmpty, !listeners.contains(where: { $0.port == port }) else {
            since = nil
            outcome = nil
            return
        }
        let start = since ?? now
        since = start
        let patience = listeners.compactMap { early.patience(with: $0, before: port) }.first
        let wrong = listeners.filter { !$0.isLoopback && !early.has($0, before: port) }
        let ports = ElsewhereWatch.ports(of: wrong.isEmpty ? listeners : wrong)
        if !wrong.isEmpty || start.duration(to: now) >= patience ?? ElsewhereWatch.patience {
            outcome = .listensElsewhere(ports: ports)
        } else {
            outcome = patience != nil ? nil : .loopbackPorts(ports)
        }
    }

    private static func ports(of listeners: [Listener]) -> [UInt16] { Set(listeners.map(\.port)).sorted() }
}
