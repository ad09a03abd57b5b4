// What users ask of it.

extension Supervisor {
    mutating func follow(_ command: ControlCommand, number: UInt64, at now: MonotonicInstant) -> [SupervisorEffect] {
        let (answer, effects) = follow(command, at: now)
        // First: the effects may be our end.
        return [.answer(answer, to: number)] + effects
    }

    private mutating func follow(
        _ command: ControlCommand, at now: MonotonicInstant
    ) -> (ControlAnswer, [SupervisorEffect]) {
        // Whoever stops everything does not start anything.
        guard stop == nil else { return (.refused(reason: "crater-run is stopping"), []) }
        switch command {
        case .start(let name): return pass(to: name) { $0.start(name, .startRequested, at: now) }
        case .restart(let name): return pass(to: name) { $0.start(name, .restartRequested, at: now) }
        case .stop(let name): return pass(to: name) { $0.stop(name, at: now) }
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
        // Its app is all that this crater-run is there for.
        return [.log(LogEntry(.info, "asked to stop"))] + beginStop(.terminate, at: now)
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
            // The new one takes its place.
            effects.append(close(other.name))
        }
        // And that of a line that asked for it in vain.
        unusable.removeAll { $0.name == definition.name }
        var definition = definition
        let name = freeName([definition.name], otherwise: definition.name)
        definition.policy.name = name
        open(definition, named: name, claim: RuleClaim(of: definition))
        effects += [
            .log(LogEntry(.info, "\(name): taken over from a terminal")), .open(app: name, definition),
        ]
        if let rule = definition.fixedRule {
            // While what a supervisor before us has left is ended, nothing is started: it would be taken for a part of that.
            if predecessors == nil { effects += tell(name, .ruleChanged(rule), at: now) }
        } else {
            effects += assign(at: now)
        }
        return (accepted(name), effects)
    }
}
