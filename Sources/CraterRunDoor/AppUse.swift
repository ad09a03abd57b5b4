import CraterRunCore

/// How one app is used through the door. Used on the event loop.
final class AppUse {
    let app: String
    var requests: UInt64 = 0
    var open: UInt32 = 0
    var tunnels: UInt32 = 0
    var lastUse: WallTime?
    /// Whether a client has sent something through a tunnel since the last report.
    var isUsed = false
    private var reported: DoorActivity?

    init(app: String) { self.app = app }

    /// What has changed since the last report; nil if nothing has.
    func report(now: WallTime) -> DoorActivity? {
        if isUsed {
            lastUse = now
            isUsed = false
        }
        let activity = DoorActivity(app: app, requests: requests, open: open, tunnels: tunnels, lastUse: lastUse)
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

    func report(now: WallTime) -> [DoorActivity] { uses.values.compactMap { $0.report(now: now) } }
}
