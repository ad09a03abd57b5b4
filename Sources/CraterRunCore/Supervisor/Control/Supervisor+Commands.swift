// Commands from users.

extension Supervisor {
    mutating func follow(_ command: ControlCommand, number: UInt64, at now: MonotonicInstant) -> [SupervisorEffect] {
        let (answer, effects) = follow(command, at: now)
        // The answer comes first, since the effects may end crater-run.
        return [.answer(answer, to: number)] + effects
    }

    /// Follows a command to which nobody waits for an answer.
    mutating func obey(_ command: ControlCommand, at now: MonotonicInstant) -> [SupervisorEffect] {
        let (answer, effects) = follow(command, at: now)
        guard case .refused(let reason) = answer else { return effects }
        return [.log(LogEntry(.warning, "home: \(reason)"))] + effects
    }

    private mutating func follow(
        _ command: ControlCommand, at now: MonotonicInstant
    ) -> (ControlAnswer, [SupervisorEffect]) {
        // A supervisor that is stopping starts nothing.
        guard stop == nil else { return (.refused(reason: "crater-run is stopping"), []) }
        switch command {
        case .start(let name): return pass(to: name) { $0.start(name, .startRequested, at: now) }
        case .restart(let name): return pass(to: name) { $0.start(name, .restartRequested, at: now) }
        case .stop(let name): return pass(to: name) { $0.stop(name, at: now) }
        case .release(let name): return pass(to: name) { $0.release(name, at: now) }
        case .serve(let definition): return serve(definition, at: now)
        }
    }

    private mutating func pass(
        to name: String, _ body: (inout Supervisor) -> [SupervisorEffect]
    ) -> (ControlAnswer, [SupervisorEffect]) {
        if index(of: name) != nil {
            let effects = body(&self)
            return (accepted(name), effects)
        }
        if let app = unusable.first(where: { $0.name == name }) {
            return (.refused(reason: "\(app.condition); mend it, and start the container again"), [])
        }
        return (.unknown(names: apps.map(\.name) + unusable.map(\.name)), [])
    }

    private func accepted(_ name: String) -> ControlAnswer {
        let state = index(of: name).map { apps[$0].machine.state } ?? .waiting
        return .accepted(app: name, message: "\(name): \(state.rawValue)")
    }

    private mutating func start(_ name: String, _ event: AppEvent, at now: MonotonicInstant) -> [SupervisorEffect] {
        leftOut.remove(name)
        return tell(name, event, at: now)
    }

    private mutating func stop(_ name: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        guard options.foreground != nil else { return tell(name, .stopRequested(isShutdown: false), at: now) }
        // Without its only app, this crater-run has nothing to do.
        return [.log(LogEntry(.info, "asked to stop"))] + beginStop(.terminate, at: now)
    }

    private mutating func release(_ name: String, at now: MonotonicInstant) -> [SupervisorEffect] {
        if let index = index(of: name) { apps[index].isReleased = true }
        return stop(name, at: now)
    }

    private mutating func serve(
        _ definition: AppDefinition, at now: MonotonicInstant
    ) -> (ControlAnswer, [SupervisorEffect]) {
        if options.foreground != nil {
            let own = apps.map(\.name).joined(separator: " and ")
            let reason =
                "the crater-run that answers serves \(own) alone: only the entry point (crater-run up) takes apps over"
            return (.refused(reason: reason), [])
        }
        var effects: [SupervisorEffect] = []
        if let other = apps.first(where: { $0.isServing(definition) }) {
            guard other.isOver else {
                let reason = "\(other.name) is served already, and is \(other.machine.state.rawValue)"
                return (.refused(reason: reason), [])
            }
            // The new app takes the place of the one that has ended.
            effects.append(close(other.name))
        }
        // The new app also takes the place of an app whose line cannot be used.
        unusable.removeAll { $0.name == definition.name }
        var definition = definition
        let name = freeName([definition.name], otherwise: definition.name)
        definition.policy.name = name
        open(definition, named: name, claim: RuleClaim(of: definition))
        effects += [
            .log(LogEntry(.info, "\(name): taken over from a terminal")), .open(app: name, definition),
        ]
        if let rule = definition.fixedRule {
            effects += tell(name, .ruleChanged(rule), at: now)
        } else {
            effects += assign(at: now)
        }
        return (accepted(name), effects)
    }
}
