// Who has which port: no two apps of ours at one.

extension Supervisor {
    /// The app that holds a port.
    func owner(of port: UInt16, but name: String?) -> SupervisedApp? {
        apps.first { $0.name != name && $0.port == port }
    }

    /// Starts an app, unless another one of ours is about to give up its port: then after that.
    mutating func launch(_ name: String, _ rule: IngressRule, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard let index = index(of: name) else { return [] }
        guard let owner = owner(of: rule.port, but: name) else {
            apps[index].launch = .underWay(rule)
            return [.app(name, .launch(rule))]
        }
        guard owner.machine.state == .stopping || owner.machine.rule == nil else {
            return tell(name, .launchFailed(.portBusy(port: rule.port, holder: owner.name)), at: now)
        }
        apps[index].launch = .held(rule)
        return []
    }

    /// A launch that is held has not begun, so there is nothing to abandon but the wish.
    mutating func abandonLaunch(_ name: String) -> [SupervisorEffect] {
        guard let index = index(of: name) else { return [] }
        let isHeld = apps[index].heldLaunch != nil
        apps[index].launch = nil
        return isHeld ? [] : [.app(name, .abandonLaunch)]
    }

    /// Launches that are held go on as soon as their port is given up.
    mutating func settleLaunches(at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        for app in apps {
            guard let rule = app.heldLaunch, let index = index(of: app.name) else { continue }
            let owner = owner(of: rule.port, but: app.name)
            if app.machine.state != .starting {
                apps[index].launch = nil
            } else if let owner, owner.machine.rule == nil {
                effects += tell(owner.name, .portWanted(by: app.name), at: now)
            } else if owner?.machine.state != .stopping {
                // Either nobody has it any more, or it is an ordinary port in use.
                effects += launch(app.name, rule, at: now)
            }
        }
        return effects
    }

    /// Beside a job, where somebody took the port after we had checked it: it is theirs. Nil where that is not what happened;
    /// an app that ran before waits for its port, which may be held by what it has left behind itself.
    mutating func giveWay(_ name: String, after event: AppEvent) -> [SupervisorEffect]? {
        guard case .launchFailed(.portBusy(_, let holder)) = event, options.jobStartedAt != nil,
            let app = apps.first(where: { $0.name == name }), app.isAutomatic, !app.hasRun
        else { return nil }
        let closed = close(name)
        return [closed] + (app.machine.rule.map { becameExternal($0, holder: holder) } ?? [])
    }
}
