// When it is said that an app behind the front door is ready.

extension Supervisor {
    /// Keeps back what an app says as it becomes ready, until the front door serves the app.
    ///
    /// - Parameters:
    ///   - effects: those of the event that the app has just handled.
    ///   - former: the app's state before the event.
    /// - Returns: the effects that nothing holds up.
    mutating func announceLater(_ effects: [AppEffect], of index: Int, former: AppState) -> [AppEffect] {
        guard apps[index].machine.state == .ready else {
            // The app has been ready for too short a time for anybody to hear of it.
            apps[index].announcement = nil
            return effects
        }
        guard former != .ready, apps[index].doorRule != nil else { return effects }
        apps[index].announcement = ReadyAnnouncement(effects: effects.filter(\.isAnnouncement), former: former)
        return effects.filter { !$0.isAnnouncement }
    }

    /// Says of each app that it is ready, once the front door has confirmed the routes with the ready app.
    mutating func announceReadiness(at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for index in apps.indices {
            guard let announcement = apps[index].announcement else { continue }
            let generation = announcement.generation ?? door.routes.generation
            guard apps[index].doorRule == nil || door.run?.serves.map({ $0 >= generation }) ?? false else {
                apps[index].announcement?.generation = generation
                continue
            }
            apps[index].announcement = nil
            effects += perform(announcement.effects, of: apps[index].name, at: now)
        }
        return effects
    }
}

extension AppEffect {
    fileprivate var isAnnouncement: Bool {
        switch self {
        case .log, .act(.readBack): true
        case .act, .ended: false
        }
    }
}
