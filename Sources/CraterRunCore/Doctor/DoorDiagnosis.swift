/// Checks an app that is served through a front door: the door at the rule's port, the app behind it, and what the two
/// answer.
struct DoorDiagnosis {
    let app: AppDiagnosis
    let rule: IngressRule
    let port: PortFacts
    let supervised: ReportedApp
    let door: ReportedApp.Door

    /// Nil for an app that no front door serves at this rule, and for what another user's supervisor says.
    init?(app: AppDiagnosis, rule: IngressRule, port: PortFacts) {
        guard let supervised = app.subject.supervised, let door = supervised.door, supervised.stranger == nil,
            supervised.isAt(rule)
        else { return nil }
        self.app = app
        self.rule = rule
        self.port = port
        self.supervised = supervised
        self.door = door
    }

    private var name: String { app.name }

    var checks: [DoctorCheck] {
        guard door.problem == nil, port.isTaken else {
            return [broken]
                + [.listening, .answer].map { app.skipped($0, "not looked at: the front door is not there") }
        }
        return [serving, listening, answer]
    }

    private var broken: DoctorCheck {
        let problem = door.problem ?? "nobody listens at port \(rule.port)"
        let holder = app.facts.network.holders(of: rule.port).first { !$0.isCraterRun }
        let remedy =
            holder.map {
                "End \($0.title), or give the rule another port on the job's page; crater-run tries again by itself."
            }
            ?? "crater-run starts the front door again by itself: look again in a minute. Else see the log."
        return .failed(
            .door, app: name,
            "the front door cannot be reached at port \(rule.port): \(PrintableText.escape(problem.utf8))",
            remedy: remedy)
    }

    private var serving: DoctorCheck {
        let process = door.pid.map { " (pid \($0))" } ?? ""
        let target = door.backend.map { ", and forwards to \($0)" } ?? ""
        let how = (door.use.strips ? ", without the prefix" : "") + (door.use.hasLogin ? "; it asks for a key" : "")
        return .ok(.door, app: name, "the front door\(process) accepts at port \(rule.port)\(target)\(how)")
    }

    private var listening: DoctorCheck {
        let own: UInt16
        switch door.backend {
        case nil: return app.skipped(.listening, "not looked at: it does not run")
        case .socket where supervised.isReady:
            return .ok(.listening, app: name, "the front door can reach it at its socket")
        case .socket: return app.skipped(.listening, "it does not answer at its socket yet")
        case .port(let port): own = port
        }
        let listeners = app.facts.network.listeners(at: own)
        if !listeners.isEmpty {
            guard door.use.hasLogin, !listeners.allSatisfy(\.isLoopback) else {
                return .ok(.listening, app: name, "the front door can reach it at port \(own)")
            }
            return .skipped(
                .listening, app: name,
                "it listens at port \(own) of all addresses: whoever reaches the pod there needs no key")
        }
        // The listeners of another network namespace cannot be seen.
        if supervised.isReady { return app.skipped(.listening, "who listens at port \(own) cannot be seen from here") }
        return app.skipped(.listening, "nobody listens at its port \(own) yet")
    }

    private var answer: DoctorCheck {
        let place = rule.prefix.appending(app.subject.readiness.path)
        guard let status = port.underPrefix?.status else {
            return .failed(
                .answer, app: name, "the front door does not answer at port \(rule.port)",
                remedy: "crater-run ends a front door that hangs, and starts another: look again in a minute.")
        }
        switch status {
        case 401 where door.use.hasLogin:
            return .ok(.answer, app: name, "the front door answers 401 at \(place): it asks for a key")
        case 503 where !supervised.isReady:
            return app.skipped(.answer, "the front door answers 503 at \(place): the app is \(supervised.state)")
        case _ where app.subject.readiness.accepts(status):
            return .ok(.answer, app: name, "it answers \(status) at \(place), through the front door")
        default:
            return .failed(
                .answer, app: name, "it answers \(status) at \(place), through the front door",
                remedy: "See in the log what \(name) itself says.")
        }
    }
}

extension ListeningProcess {
    /// Whether the process is a crater-run, or the front door of one.
    var isCraterRun: Bool { name.hasPrefix("crater-run") }
}
