/// The remedies: how to start an app correctly.
extension PortDiagnosis {
    /// The flags that name an app's data: the app's own, and crater-run's.
    private static let dataFlags = [
        (AppIdentity.tensorBoard.name, "--logdir", "--logdir"), (AppIdentity.visdom.name, "-env_path", "--env-path"),
        (AppIdentity.jupyter.name, "--notebook-dir", "--notebook-dir"),
    ]

    /// The remedy for an app that serves below another path than the rule's.
    var remedyForPrefix: String {
        guard !app.subject.isKnown else { return holders.first.map(remedyByRule) ?? remedyByRestart }
        return
            "Start it so that it serves below \(rule.prefix.withTrailingSlash): in the words of its command, {prefix} and "
            + "{port} stand for the rule's: \(app.subject.command)"
    }

    /// The remedy for an app that the ingress cannot reach. A restart alone changes nothing if the command is the
    /// user's own.
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

    /// The remedy for an app that crater-run has started, but that listens at another port than the rule's.
    func remedyForPort(_ process: ListeningProcess) -> String {
        let end =
            anew(process) + " (After a change in a script or a configuration file, this is enough: crater-run restart "
            + "\(ShellQuoting.quote(process.servedApp ?? name)))"
        guard !app.subject.isKnown else {
            return
                "Leave the port out of its flags and of its configuration: crater-run gives it the rule's. \(end)"
        }
        return
            "Write {port} for the port in the app's command, on its own command line or in its line of --app or "
            + "CRATER_RUN_APPS, or let the app read the port from CRATER_PORT; or change the rule's port on the job's page. "
            + end
    }

    /// The remedy for a process that was started with another address than the rule's.
    func remedyByRule(_ process: ListeningProcess) -> String {
        guard case .supervisor = process.keeper else { return restart(process) }
        return
            "It has to be without --port and --prefix, on its own command line or in its line of --app or CRATER_RUN_APPS: "
            + "it follows the rule then. " + anew(process)
    }

    /// How a changed line of the app takes effect: `crater-run restart` starts the app with the old line again.
    private func anew(_ process: ListeningProcess) -> String {
        guard case .supervisor(let pid) = process.keeper else { return restart(process) }
        return
            "crater-run (pid \(pid)) keeps the old line as long as it runs. Where that is crater-run up, start the job "
            + "anew. Else end it and start it again: kill \(pid); \(command(for: process))"
    }

    /// The remedy for anything that a restart mends.
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

    /// The command that ends the process for good: a supervisor would start a killed process again.
    func ending(of process: ListeningProcess) -> String {
        guard case .supervisor = process.keeper else { return "kill \(process.pid)" }
        return "crater-run stop \(ShellQuoting.quote(process.servedApp ?? name))"
    }

    /// The command that starts the app with the data that it shows now.
    private func command(for process: ListeningProcess) -> String {
        let flags = UserFlags(process.words)
        let data = PortDiagnosis.dataFlags.filter { $0.0 == name }.compactMap { _, own, ours in
            flags.given(own, shortest: own).first?.value.map { " \(ours) \(ShellQuoting.quote($0))" }
        }
        return app.subject.command + data.joined()
    }
}
