import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

extension ServingCommand {
    /// Looks for other crater-runs in this container before one more serves the app.
    ///
    /// - Returns: the exit code where there is nothing left to do; nil where it is to be served here.
    func askOthers(
        _ definition: AppDefinition,
        in mode: ServeMode,
        publicHost: PublicHost?,
        inherited: InheritedSignals
    ) throws(CommandFailure) -> Int32? {
        if serve.detach {
            // Nothing is supervised here: Ctrl-C ends it as it ends anything.
            inherited.restore()
            return try handOver()
        }
        guard mode == .byHand else { return nil }
        // What is not there yet is waited for as ever; a file that does not answer is the supervisor's to report.
        let limit = AppTiming.checkTimeout
        let (path, identity, name) = (source.annotationsPath, definition.app.identity, serve.rule)
        let found: IngressRule?? = try uninterrupted(inherited, within: limit) {
            guard let bytes = try? AnnotationsReader.read(path: path).get(),
                case .found(let rule) = RuleSelection.choose(
                    for: identity, in: AnnotationsReader.rules(of: AnnotationsFile(parsing: bytes), path: path),
                    named: name)
            else { return nil }
            return rule.reachable(at: publicHost)
        }
        guard let rule = definition.fixedRule ?? found ?? nil else { return nil }
        let others = try uninterrupted(inherited) { Supervisors.look().answering } ?? []
        for other in others {
            guard let running = other.serves(at: rule) else { continue }
            guard serve.replace else {
                try Console.line(
                    "\(running.name): \(running.state) at \(AccessURL(of: rule)), served by "
                        + "\(other.title); --replace takes it over")
                return 0
            }
            try other.stop(running, inherited)
        }
        return nil
    }

    /// What the body returns; nil where that takes longer than the limit.
    ///
    /// - Throws: ``CommandFailure`` where a signal asks for our end meanwhile.
    private func uninterrupted<Value>(
        _ inherited: InheritedSignals, within limit: Duration? = nil, _ body: sending @escaping () -> Value
    ) throws(CommandFailure) -> Value? {
        switch Interruptible.run(inherited, within: limit, body) {
        case .done(let value): return value
        case .timeout: return nil
        case .interrupted(let signal): throw .interrupted(by: signal)
        }
    }

    /// `--detach`.
    private func handOver() throws(CommandFailure) -> Int32 {
        let own = CommandLineWords().own
        let end = own.firstIndex(of: "--") ?? own.endIndex
        let words = own[..<end].filter { $0 != "--detach" } + own[end...]
        let what = "hand \(words.first ?? "the app") over"
        let supervisors = Supervisors.look()
        guard
            let supervisor = supervisors.answering.first(where: \.isEntryPoint)
        else {
            let others =
                supervisors.answering.isEmpty
                ? supervisors.absence : "only crater-run up takes apps over, and none runs"
            throw .unavailable(what, "\(others). Without --detach it is served here, until this terminal closes")
        }
        // It gets our whole environment.
        guard supervisor.isTrusted else {
            let why = "\(supervisor.title) runs as user \(supervisor.user), and would get this environment"
            throw CommandFailure("cannot \(what): \(why)", code: CommandFailure.Code.other)
        }
        let surroundings = LaunchSurroundings(
            directory: WorkingDirectory.path, environment: ProcessEnvironment.entries())
        let body = Array(JSONText.encode(HandOver(words: Array(words), surroundings: surroundings)).utf8)
        let answer: ControlClient.Answer
        do throws(ControlClient.Failure) {
            answer = try supervisor.client.ask("/v1/apps", method: "POST", body: body, within: .seconds(5))
        } catch {
            throw CommandFailure("cannot \(what): \(error.reason)", code: CommandFailure.Code.other)
        }
        let document = try? JSONDecoder().decode(ControlDocument.self, from: Data(answer.body.utf8))
        let message = document?.message ?? answer.body.split(separator: "\n").first.map(String.init) ?? ""
        guard answer.status == 202 else {
            // 422: what was typed is wrong.
            let code = answer.status == 422 ? CommandFailure.Code.usage : CommandFailure.Code.other
            throw CommandFailure("cannot \(what): \(message)", code: code)
        }
        try Console.line("\(message), served by \(supervisor.title) from now on; see crater-run status")
        return 0
    }
}

extension AnsweringSupervisor {
    /// Has it stop an app, and waits until its port is free.
    fileprivate func stop(_ app: StatusDocument.App, _ inherited: InheritedSignals) throws(CommandFailure) {
        func failure(_ why: String) -> CommandFailure {
            CommandFailure("cannot take \(app.name) over: \(why)", code: CommandFailure.Code.other)
        }
        let answer: ControlClient.Answer
        do throws(ControlClient.Failure) {
            answer = try client.ask(
                "/v1/apps/\(PercentEncoding.encode(app.name))/stop", method: "POST", within: .seconds(5))
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
