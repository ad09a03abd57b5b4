// Apps that nobody uses are put to sleep, and are woken by a visit.

extension Supervisor {
    /// When an app is put to sleep next, or asked whether it is at work; nil if that is not planned.
    var sleepDeadline: MonotonicInstant? { stop == nil ? apps.compactMap { $0.sleep?.nextDeadline }.min() : nil }

    /// Takes what the front door says of the use of apps.
    mutating func used(_ changes: [DoorActivity], at now: MonotonicInstant) -> [SupervisorEffect] {
        guard door.run != nil else { return [] }
        var effects: [SupervisorEffect] = []
        // The date itself is the door's, whose clock may be set at any time.
        for change in changes where change.lastUse != nil && change.lastUse != door.activity[change.app]?.lastUse {
            guard let index = index(of: change.app) else { continue }
            apps[index].lastUse = now
            apps[index].sleep?.use(at: now)
            if stop == nil { effects += tell(change.app, .used, at: now) }
        }
        return effects
    }

    /// Puts apps to sleep whose time has come.
    mutating func settleSleep(at now: MonotonicInstant) -> [SupervisorEffect] {
        guard stop == nil else { return [] }
        var effects: [SupervisorEffect] = []
        for name in apps.map(\.name) {
            guard let index = index(of: name), let step = apps[index].sleep?.tick(at: now) else { continue }
            effects += follow(step, of: name, at: now)
        }
        return effects
    }

    /// Takes the answer to the question whether an app is at work.
    mutating func answered(
        _ activity: AppActivity, of name: String, to number: UInt64, at now: MonotonicInstant
    ) -> [SupervisorEffect] {
        guard let index = index(of: name), stop == nil else { return [] }
        if activity == .busy { apps[index].lastUse = now }
        let effects = complain(about: activity, at: index)
        guard let step = apps[index].sleep?.answer(activity, to: number, at: now) else { return effects }
        return effects + follow(step, of: name, at: now)
    }

    private mutating func follow(
        _ step: SleepWatch.Step, of name: String, at now: MonotonicInstant
    ) -> [SupervisorEffect] {
        guard let app = apps.first(where: { $0.name == name }), let sleep = app.sleep else { return [] }
        switch step {
        case .sleep: return tell(name, .sleepRequested(after: sleep.after), at: now)
        case .ask(let number):
            guard let place = app.machine.place else { return [] }
            return [.app(name, .findActivity(place, number: number))]
        }
    }

    /// Logs that an app stays awake since it cannot be asked: once, as long as it is for the same reason.
    private mutating func complain(about activity: AppActivity, at index: Int) -> [SupervisorEffect] {
        guard case .unknown(let reason) = activity else {
            apps[index].saidUnknown = nil
            return []
        }
        guard apps[index].saidUnknown != reason else { return [] }
        apps[index].saidUnknown = reason
        let name = apps[index].name
        let message = "\(name): stays awake, since it is not known whether it is at work: \(reason)"
        return [.log(LogEntry(.warning, message, of: LogSubject(app: name)))]
    }
}
