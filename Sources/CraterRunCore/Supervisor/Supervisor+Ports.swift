// The ports of the apps. Two apps of one supervisor never use the same port.

extension Supervisor {
    /// The app that holds a port, or is about to take the port. The app named `name` does not count.
    func owner(of port: UInt16, but name: String?) -> SupervisedApp? {
        apps.first { $0.name != name && $0.port == port }
    }

    /// Launches an app. The launch is held while processes of an earlier supervisor are being ended, and while another
    /// app of this supervisor is about to give up the port.
    mutating func launch(_ name: String, _ rule: IngressRule, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard let index = index(of: name) else { return [] }
        guard predecessors == nil else {
            apps[index].launch = .held(rule)
            // The home page's key is read with its rule.
            return apps[index].door?.hasLogin ?? false && !apps[index].isBelowHome ? [.readLogin(app: name)] : []
        }
        guard let owner = owner(of: rule.port, but: name) else {
            if apps[index].door != nil { return launchBehindDoor(name, rule, at: now) }
            if let other = appBehindDoor(at: rule.port, but: name) {
                return tell(name, .launchFailed(.portBusy(port: rule.port, holder: other.name)), at: now)
            }
            apps[index].launch = .underWay(rule)
            return [.app(name, .launch(rule))]
        }
        guard owner.machine.state == .stopping || owner.machine.rule == nil else {
            return tell(name, .launchFailed(.portBusy(port: rule.port, holder: owner.name)), at: now)
        }
        apps[index].launch = .held(rule)
        return []
    }

    /// Cancels the app's launch. A launch that is held has not begun, so the caller has nothing to cancel.
    mutating func abandonLaunch(_ name: String) -> [SupervisorEffect] {
        guard let index = index(of: name) else { return [] }
        let isHeld = apps[index].heldLaunch != nil
        apps[index].launch = nil
        return isHeld ? [] : [.app(name, .abandonLaunch)]
    }

    /// Goes on with the launches that are held, if their port has been given up.
    mutating func settleLaunches(at now: MonotonicInstant) -> [SupervisorEffect] {
        guard predecessors == nil else { return [] }
        var effects: [SupervisorEffect] = []
        for app in apps {
            guard let rule = app.heldLaunch, let index = index(of: app.name) else { continue }
            let owner = owner(of: rule.port, but: app.name)
            if app.machine.state != .starting {
                apps[index].launch = nil
            } else if let owner, owner.machine.rule == nil {
                effects += tell(owner.name, .portWanted(by: app.name), at: now)
            } else if owner?.machine.state != .stopping {
                // Either no app holds the port any more, and the launch begins; or another app keeps the port, and the
                // launch fails as for any port in use.
                effects += launch(app.name, rule, at: now)
            }
        }
        return effects
    }

    /// Closes an automatic app that runs beside a job, if another process took the app's port after the port was
    /// checked: crater-run leaves the port to that process. Returns nil in every other case. An app that has run before
    /// is not closed but waits for its port, since a process that the app itself left behind may hold the port.
    mutating func giveWay(_ name: String, after event: AppEvent) -> [SupervisorEffect]? {
        guard case .launchFailed(.portBusy(_, let holder)) = event, options.jobStartedAt != nil,
            let app = apps.first(where: { $0.name == name }), app.isAutomatic, !app.hasRun
        else { return nil }
        let closed = close(name)
        return [closed] + (app.machine.rule.map { becameExternal($0, holder: holder) } ?? [])
    }
}
