import CraterRunCore

/// How one app is used through the door. Used on the event loop.
final class AppUse {
    let app: String
    var requests: UInt64 = 0
    var open: UInt32 = 0
    var tunnels: UInt32 = 0
    /// The bytes that have passed to the app, and from there.
    var received: UInt64 = 0
    var sent: UInt64 = 0
    /// How many of the requests that are under way are certainly a person's.
    var openByPersons: UInt32 = 0
    /// Whether a person has used the app since the last report.
    var isUsed = false
    private var lastUse: WallTime?
    private var memory = UseMemory()
    private var reported: DoorActivity?

    init(app: String) { self.app = app }

    /// Notes a request.
    ///
    /// - Parameter second: counted by ``DoorServer/tick``.
    /// - Returns: whether it is certainly a person's.
    func note(_ use: RequestUse, at second: Int) -> Bool {
        let isPersons = memory.take(use, at: second)
        isUsed = isUsed || isPersons
        return isPersons
    }

    /// What has changed since the last report; nil if nothing has.
    func report(now: WallTime, second: Int) -> DoorActivity? {
        // Whoever waits for an answer uses the app.
        if memory.settle(at: second) || isUsed || openByPersons > 0 {
            lastUse = now
            isUsed = false
        }
        let activity = DoorActivity(
            app: app, requests: requests, open: open, tunnels: tunnels, received: received, sent: sent,
            lastUse: lastUse)
        guard activity != reported else { return nil }
        reported = activity
        return activity
    }
}

/// The use of all apps.
final class AppUses {
    private var uses: [String: AppUse] = [:]

    subscript(app: String) -> AppUse {
        if let use = uses[app] { return use }
        let use = AppUse(app: app)
        uses[app] = use
        return use
    }

    func report(now: WallTime, second: Int) -> [DoorActivity] {
        uses.values.compactMap { $0.report(now: now, second: second) }
    }
}
