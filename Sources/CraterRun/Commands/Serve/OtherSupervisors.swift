import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// The other crater-runs of this container, which are asked before one more serves an app.
struct OtherSupervisors {
    let definition: AppDefinition
    let source: PodSource
    let publicHost: PublicHost?
    let inherited: InheritedSignals

    /// Looks whether one of them serves the app.
    ///
    /// - Parameter replacing: whether that one is to stop the app, so that it is served here.
    /// - Returns: whether another one serves the app, and goes on.
    func serve(replacing: Bool) throws(CommandFailure) -> Bool {
        // What is not there yet is waited for as ever; a file that does not answer is the supervisor's to report.
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

    /// What the body returns; nil where that takes longer than the limit.
    ///
    /// - Throws: ``CommandFailure`` where a signal asks for our end meanwhile.
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
    /// Has it stop an app, and waits until its port is free.
    fileprivate func stop(_ app: StatusDocument.App, _ inherited: InheritedSignals) throws(CommandFailure) {
        func failure(_ why: String) -> CommandFailure {
            CommandFailure("cannot take \(app.name) over: \(why)", code: CommandFailure.Code.other)
        }
        let answer: ControlClient.Answer
        do throws(Refusal) {
            answer = try client.post(
                "/v1/apps/\(PercentEncoding.encode(app.name))/stop", within: .seconds(5))
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
    /// A signal asked for our end before anything was started.
    static func interrupted(by signal: Signal) -> CommandFailure {
        CommandFailure("\(signal) received", code: 128 + signal.number)
    }
}
