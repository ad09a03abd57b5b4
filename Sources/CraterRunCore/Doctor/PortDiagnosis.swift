/// Checks what is at an app's port: nothing, the app as it should be, the app as it should not be, or another process.
struct PortDiagnosis {
    let app: AppDiagnosis
    let rule: IngressRule
    let port: PortFacts

    var name: String { app.name }
    private var network: NetworkFacts { app.facts.network }
    var holders: [ListeningProcess] { network.holders(of: rule.port) }
    private var readiness: ReadinessPolicy { app.subject.readiness }

    var checks: [DoctorCheck] {
        guard port.isTaken else { return free }
        if let connections = port.connections {
            let remedy =
                "\(app.subject.supervised == nil ? "Then start it: \(app.subject.command)" : "crater-run tries again by itself"). "
                + "Ports from 32768 on are also given to clients: a rule with a lower port does not meet them."
            return [.failed(.port, app: name, connections, remedy: remedy)]
                + skipped("not looked at: nobody listens at port \(rule.port)", [.listening, .answer])
        }
        if let stranger {
            return [stranger] + skipped("not looked at: the port is another's", [.listening, .answer])
        }
        let listening = listening
        let isInReach = listening.status != .failed
        let answer = isInReach ? answer : app.skipped(.answer, "not asked: the ingress cannot reach it")
        return [abandoned].compactMap { $0 } + [held, listening, answer]
    }

    // MARK: - The port

    private var free: [DoctorCheck] {
        if let process = servedElsewhere {
            let ports = process.ports.sorted().map { String($0) }.joined(separator: ", ")
            let message =
                "\(describe(process)), listens at port \(ports), and not at port \(rule.port), to which the ingress forwards"
            return [.failed(.port, app: name, message, remedy: remedyForPort(process))]
                + skipped("not looked at: it is at another port", [.listening, .answer])
        }
        let supervised = app.subject.supervised.flatMap { AppState(rawValue: $0.state) }
        if supervised == .starting || supervised == .backingOff {
            let what = supervised == .starting ? "is starting it" : "is to start it again"
            return skipped(
                "nobody listens at port \(rule.port) yet: crater-run \(what)", [.port, .listening, .answer])
        }
        if let process = elsewhere, let other = process.ports.min() {
            let message =
                "\(process.title) listens at port \(other), and the rule \(rule.name) says \(rule.port): it was started with the wrong "
                + "--port"
            return [.failed(.port, app: name, message, remedy: remedyByRule(process))]
                + skipped("not looked at: it is at another port", [.listening, .answer])
        }
        let start = DoctorCheck.ok(
            .port, app: name, "port \(rule.port) is free: \(name) is not running; start it with \(app.subject.command)")
        return [start] + skipped("not looked at: it is not running", [.listening, .answer])
    }

    /// A process of the app that the app's supervisor has started, if the process listens at other ports, but not at
    /// the rule's. It is only looked for if no process listens at the rule's port.
    private var servedElsewhere: ListeningProcess? {
        guard let supervised = app.subject.supervised, supervised.isAt(rule), !supervised.isReady else { return nil }
        let others = app.facts.supervisor.served
        guard let served = supervised.name ?? others.first(where: { $0.value.isAt(rule) })?.key else { return nil }
        // Some apps first open ports for their own use, most of them on the loopback address. Such ports count only if the
        // supervisor has reported them.
        let isSaid = supervised.reason.map { ElsewhereMessage.begins($0, insteadOf: rule.port) } ?? false
        let early = app.subject.app.earlyPorts
        func isWrong(_ listener: Listener) -> Bool {
            !listener.isLoopback && !early.has(listener, before: rule.port)
        }
        return network.processes.first { process in
            // Another crater-run may serve an app of the same name at another rule.
            guard case .supervisor(let pid) = process.keeper, pid == supervised.supervisor ?? pid else { return false }
            return process.servedApp == served && !process.ports.contains(rule.port)
                && (isSaid || process.ports.contains { network.listeners(at: $0).contains(where: isWrong) })
        }
    }

    /// The app's process, if it listens only at ports that no rule has. A process with a supervisor is at its port on
    /// purpose, and may be in another container: that supervisor tells its state itself.
    private var elsewhere: ListeningProcess? {
        let rules = app.facts.rules
        let taken = Set((rules?.rules ?? []).map(\.port) + [rules?.labelRule?.port].compactMap { $0 })
        guard app.subject.isKnown else { return nil }
        return network.processes.first { process in
            if case .supervisor = process.keeper { return false }
            return process.ports.isDisjoint(with: taken) && process.isOf(app.subject.app)
        }
    }

    /// The failed check if another process has the port; nil if that is not proved.
    private var stranger: DoctorCheck? {
        guard app.subject.isKnown, let holder = holders.first, !holders.contains(where: isApps) else { return nil }
        // A program may contain the app, such as a training script that starts TensorBoard: only the app answers there.
        let isDistinctive = !readiness.path.isEmpty
        if isDistinctive, let status = port.underPrefix?.status, (200..<300).contains(status) { return nil }
        return .failed(
            .port,
            app: name,
            "port \(rule.port) is in use by \(describe(holder)), which is not \(name)",
            remedy:
                "End it, or give it another port, and start \(name): \(ending(of: holder)); \(app.subject.command)\n"
                + "Or give \(name) a rule with another port, on the job's page."
        )
    }

    private func isApps(_ process: ListeningProcess) -> Bool {
        // A process that a user starts in an app's terminal has the app's marker too, but no keeper.
        process.isOf(app.subject.app) || process.isServed(as: name) && process.keeper != .nobody
    }

    /// The failed check if the app's crater-run is gone; nil if it is not, or if a supervisor is there to take care of
    /// the app.
    private var abandoned: DoctorCheck? {
        if case .answers = app.facts.supervisor { return nil }
        guard let process = holders.first(where: isApps), process.keeper == .deadSupervisor else { return nil }
        return .failed(
            .serving,
            app: name,
            "the crater-run that served it was killed: nobody looks after it any more, and a rule that changes is not followed",
            remedy: restart(process)
        )
    }

    private var held: DoctorCheck {
        guard let holder = holders.first(where: isApps) ?? holders.first else {
            return .ok(.port, app: name, "a process that cannot be seen from here listens at port \(rule.port)")
        }
        return .ok(.port, app: name, "port \(rule.port) is in use by \(describe(holder))")
    }

    private func describe(_ process: ListeningProcess) -> String {
        switch process.keeper {
        case .nobody: process.title
        case .supervisor(let pid): "\(process.title), served by crater-run (pid \(pid))"
        case .deadSupervisor: "\(process.title), left behind by a crater-run that was killed"
        }
    }

    // MARK: - How it listens

    private var listening: DoctorCheck {
        let listeners = network.listeners(at: rule.port)
        if listeners.isEmpty {
            return app.skipped(
                .listening, "the addresses at which port \(rule.port) is open cannot be seen from here")
        }
        guard listeners.allSatisfy(\.isLoopback) else { return .ok(.listening, app: name, "the ingress can reach it") }
        let loopback = (listeners.lazy.compactMap(\.address).first ?? .loopback).description
        return .failed(
            .listening,
            app: name,
            "it listens at port \(rule.port) on the loopback address (\(loopback)) alone, where the ingress cannot reach it",
            remedy: remedyForLoopback(holders.first(where: isApps))
        )
    }

    // MARK: - What it answers

    private var asked: String {
        port.address.isVersion6 ? "[\(port.address)]:\(rule.port)" : "\(port.address):\(rule.port)"
    }

    private var answer: DoctorCheck {
        let place = rule.prefix.appending(readiness.path)
        guard let outcome = port.underPrefix else { return app.skipped(.answer, "it was not asked") }
        guard let status = outcome.status else {
            return .failed(
                .answer,
                app: name,
                "asked at \(asked), it does not answer at \(place): \(outcome.silence)",
                remedy: "If it has just been started, look again in a minute. Else see what it writes. "
                    + remedyByRestart
            )
        }
        if readiness.accepts(status) { return accepted(status, at: place) }
        if let meaning = readiness.fatal[status] {
            return .failed(
                .answer, app: name, "it answers \(status) at \(place): \(meaning)",
                remedy: "Only a restart mends that. " + remedyByRestart)
        }
        return .failed(
            .answer, app: name, "it answers \(status) at \(place)\(reason(for: status))", remedy: remedyForPrefix)
    }

    /// Judges an answer with an accepted status. An app without the prefix may send the browser to its own login, to
    /// which no ingress leads.
    private func accepted(_ status: Int, at place: String) -> DoctorCheck {
        let said = "it answers \(status) at \(place)"
        guard (300..<400).contains(status), let location = port.location else { return .ok(.answer, app: name, said) }
        let redirect = Redirect(location, from: place)
        guard !redirect.isWithin(rule.prefix) else { return .ok(.answer, app: name, said) }
        let more = "\(said) and sends the browser to \(PrintableText.escape(location.utf8, limit: 200))"
        let hosts = ["localhost", "127.0.0.1", rule.publicHost, app.facts.publicHost?.description].compactMap { $0 }
        // Another host, such as a login for all apps, is the app's own decision.
        guard redirect.isAt(hosts) else { return .ok(.answer, app: name, more) }
        return .failed(
            .answer,
            app: name,
            "\(more), which is outside of the prefix: \(otherPrefix ?? "it was started without the prefix")",
            remedy: remedyForPrefix
        )
    }

    private func reason(for status: Int) -> String {
        let root = PathPrefix.root.appending(readiness.path)
        if !rule.prefix.isRoot, let there = port.atRoot?.status, readiness.accepts(there) {
            return ", and \(there) at \(root): it was started without the prefix"
        }
        let meaning = otherPrefix ?? readiness.hints[status] ?? (status == 404 ? "it does not know this prefix" : nil)
        return meaning.map { ": \($0)" } ?? ""
    }

    private var otherPrefix: String? {
        holders.lazy.compactMap { $0.otherPrefix(than: rule.prefix) }.first
            .map { "it was started with another prefix, \(PrintableText.escape($0.utf8))" }
    }

    private func skipped(_ why: String, _ links: [DoctorCheck.Link]) -> [DoctorCheck] {
        links.map { app.skipped($0, why) }
    }
}

extension CheckOutcome {
    /// Why there is no answer.
    fileprivate var silence: String {
        switch self {
        case .silent(let reason): reason
        case .loopbackOnly: "it listens on the loopback address alone"
        case .listensElsewhere, .loopbackPorts: "it listens at another port"
        case .answered, .answeredUnattributed, .answeredByAnother: "another process answers"
        }
    }
}
