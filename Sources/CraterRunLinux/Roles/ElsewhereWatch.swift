internal import CraterRunCore

/// Whether an app that does not listen at its port listens at others: a mistake that waiting does not mend.
struct ElsewhereWatch {
    /// Between two looks, each of which reads all of the app's descriptors.
    private static let interval = Duration.seconds(1)
    /// Some apps open ports for themselves first, on the loopback address: their own follows within this time.
    private static let patience = Duration.seconds(5)

    private var nextLook: MonotonicInstant?
    /// Since when there are listeners on the loopback address alone.
    private var since: MonotonicInstant?
    /// What the last look showed; nil if the app may simply not listen yet.
    private(set) var outcome: CheckOutcome?

    /// Whether it is time for another look.
    mutating func isDue(at now: MonotonicInstant) -> Bool {
        if let nextLook, nextLook > now { return false }
        nextLook = now.advanced(by: ElsewhereWatch.interval)
        return true
    }

    /// Takes in at which ports the app's processes listen now.
    mutating func take(_ listeners: [Listener], at now: MonotonicInstant) {
        guard !listeners.isEmpty else {
            since = nil
            outcome = nil
            return
        }
        let outside = listeners.filter { !$0.isLoopback }
        let start = since ?? now
        since = start
        guard !outside.isEmpty || start.duration(to: now) >= ElsewhereWatch.patience else {
            outcome = nil
            return
        }
        outcome = .listensElsewhere(ports: ElsewhereWatch.ports(of: outside.isEmpty ? listeners : outside))
    }

    static func ports(of listeners: [Listener]) -> [UInt16] { Set(listeners.map(\.port)).sorted() }
}
