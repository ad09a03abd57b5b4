/// How to start an app rightly.
extension PortDiagnosis {
    /// By which flags of its own an app is told its data, and by which of crater-run's.
    private static let dataFlags = [
        (AppIdentity.tensorBoard.name, "--logdir", "--logdir"), (AppIdentity.visdom.name, "-env_path", "--env-path"),
        (AppIdentity.jupyter.name, "--notebook-dir", "--notebook-dir"),
    ]

    /// Of an app that serves below another path than the rule's.
    var remedyForPrefix: String {
        guard !app.subject.isKnown else { return holders.first.map(remedyByRule) ?? remedyByRestart }
        return
            "Start it so that it serves below \(rule.prefix.withTrailingSlash): in the words of its command, {prefix} and "
            + "{port} stand for the rule's: \(app.subject.command)"
    }

    /// Of an app that the ingress cannot reach. With a command of the user's own, a new start alone would be the same again.
    func remedyForLoopback(_ process: ListeningProcess?) -> String {
        guard !app.subject.isKnown else {
            return process.map(restart)
                ?? "Start it so that it listens at all addresses (0.0.0.0): \(app.subject.command)"
        }
        let process = process ?? holders.first
        let flag = "Give the command its own flag to listen at all addresses (0.0.0.0), such as --host 0.0.0.0"
        if case .supervisor(let pid) = process?.keeper {
            return
                "\(flag): after its --, or in its line of --app or CRATER_RUN_APPS. Then restart what serves it, crater-run "
                + "(pid \(pid))."
        }
        let end = process.map { "\(ending(of: $0)); " } ?? ""
        return "\(flag), then restart it: \(end)\(app.subject.command)"
    }

    /// Of a process that goes by something else than the rule.
    func remedyByRule(_ process: ListeningProcess) -> String {
        guard case .supervisor = process.keeper else { return restart(process) }
        return
            "It has to be without --port and --prefix, on its own command line or in its line of --app or CRATER_RUN_APPS: "
            + "it follows the rule then. " + restart(process)
    }

    /// Of whatever a new start mends.
    var remedyByRestart: String {
        holders.first.map(restart)
            ?? "End it, and let crater-run start it with the flags that fit the rule: \(app.subject.command)"
    }

    func restart(_ process: ListeningProcess) -> String {
        if case .supervisor(let pid) = process.keeper {
            return
                "crater-run (pid \(pid)) serves it. Where that is crater-run up: crater-run restart \(name). Else end it "
                + "and start it again: kill \(pid); \(command(for: process))"
        }
        let how = app.subject.isKnown ? "with the flags that fit the rule" : "by the rule"
        return "End it, and let crater-run start it \(how): \(ending(of: process)); \(command(for: process))"
    }

    /// What ends it for good: who looks after it would start it again.
    func ending(of process: ListeningProcess) -> String {
        guard case .supervisor = process.keeper else { return "kill \(process.pid)" }
        return "crater-run stop \(ShellQuoting.quote(process.servedApp ?? name))"
    }

    /// What starts it on the data that it shows now.
    private func command(for process: ListeningProcess) -> String {
        let flags = UserFlags(process.words)
        let data = PortDiagnosis.dataFlags.filter { $0.0 == name }.compactMap { _, own, ours in
            flags.given(own, shortest: own).first?.value.map { " \(ours) \(ShellQuoting.quote($0))" }
        }
        return app.subject.command + data.joined()
    }
}
