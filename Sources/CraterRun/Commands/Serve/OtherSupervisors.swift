import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// Asks the other supervisors of this container whether one of them already serves the app.
struct OtherSupervisors {
    let definition: AppDefinition
    let source: PodSource
    let publicHost: PublicHost?
    let inherited: InheritedSignals

    /// Finds out whether another supervisor serves the app.
    ///
    /// - Parameter replacing: whether the other supervisor is asked to stop the app, so that the app is served here.
    /// - Returns: whether another supervisor serves the app and keeps it.
    func serve(replacing: Bool) throws(CommandFailure) -> Bool {
        // Without a rule, the answer is no: the supervisor then waits for the rule, and reports a file that does not
        // answer.
        let limit = AppTiming.checkTimeout
        let (source, identity, wish) = (source, definition.app.identity, definition.wish)
        let host = publicHost
        let found: IngressRule?? = try uninterrupted(within: limit) {
            guard let bytes = try? AnnotationsReader.read(path: source.path).get(),
                case .found(let rule) = RuleSelection.choose(
                    for: identity, in: source.rules(of: AnnotationsFile(parsing: bytes)), wish: wish)
            else { return nil }
            return rule.reachable(at: host)
        }
        guard let rule = definition.fixedRule ?? found ?? nil else { return false }
        let others = try uninterrupted { Supervisors.find().answering } ?? []
        for other in others {
            guard let running = other.serves(at: rule) else { continue }
            guard replacing else {
                try Console.line(
                    "\(running.name): \(running.state) at \(AccessURL(of: rule)), served by "
                        + "\(other.title); --replace takes it over")
                return true
            }
            try other.stop(running, inherited)
        }
        return false
    }

    /// The value of the body; nil if the body takes longer than the limit.
    ///
    /// - Throws: ``CommandFailure`` if a signal asks crater-run to end meanwhile.
    private func uninterrupted<Value>(
        within limit: Duration? = nil, _ body: sending @escaping () -> Value
    ) throws(CommandFailure) -> Value? {
        switch Interruptible.run(inherited, within: limit, body) {
        case .done(let value): return value
        case .timeout: return nil
        case .interrupted(let signal): throw .interrupted(by: signal)
        }
    }
}

extension AnsweringSupervisor {
    /// Asks the supervisor to stop an app, and waits until the app has no process any more or the supervisor has ended.
    fileprivate func stop(_ app: StatusDocument.App, _ inherited: InheritedSignals) throws(CommandFailure) {
        func failure(_ why: String) -> CommandFailure {
            CommandFailure("cannot take \(app.name) over: \(why)", code: CommandFailure.Code.other)
        }
        // A front door would go on listening at the port of a stopped app.
        let verb = app.door == nil ? "stop" : "release"
        let answer: ControlClient.Answer
        do throws(Refusal) {
            answer = try client.post(
                "/v1/apps/\(PercentEncoding.encode(app.name))/\(verb)", within: .seconds(5))
        } catch { throw failure(error.reason) }
        guard answer.status == 202 else {
            let document = try? JSONDecoder().decode(ControlDocument.self, from: Data(answer.body.utf8))
            throw failure(document?.message ?? answer.body.split(separator: "\n").first.map(String.init) ?? "")
        }
        let end = MonotonicClock.now().advanced(by: .seconds(30))
        while true {
            if let now = again() {
                guard now.app(app.name)?.pid != nil else { return }
            } else if !address.isServed {
                return
            }
            if let signal = ThisProcess.pendingStop(inherited) { throw .interrupted(by: signal) }
            guard MonotonicClock.now() < end else { throw failure("it has not stopped within 30 s") }
            Pause.wait(.milliseconds(50))
        }
    }
}

extension CommandFailure {
    /// A signal asked crater-run to end before any app was started.
    static func interrupted(by signal: Signal) -> CommandFailure {
        CommandFailure("\(signal) received", code: 128 + signal.number)
    }
}
