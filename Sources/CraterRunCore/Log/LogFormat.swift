/// The format of crater-run's own log lines: `--log-format`.
package enum LogFormat: String, CaseIterable, Sendable {
    /// `crater-run: warning: tensorboard: …`, for people.
    case text
    /// One JSON object per line, for programs.
    case json
}

extension LogEntry {
    /// The entry without a newline at its end. As JSON it is always one line. As text it is one line for the message
    /// and one for each line below.
    package func rendered(as format: LogFormat, at time: WallTime) -> String {
        switch format {
        case .text:
            (["crater-run: \(level >= .warning ? "\(level.rawValue): " : "")\(message.printable)"]
                + below.map(\.printable)).joined(separator: "\n")
        case .json: json(at: time)
        }
    }

    private func json(at time: WallTime) -> String {
        var members = [("time", JSONText.quote(time.description)), ("level", JSONText.quote(level.rawValue))]
        var message = message[...]
        if let app = subject.app {
            members.append(("app", JSONText.quote(app)))
            if message.hasPrefix("\(app): ") { message = message.dropFirst(app.count + 2) }
        }
        if let pid = subject.pid { members.append(("pid", String(pid))) }
        switch subject.status {
        case .exited(let code): members.append(("exit_code", String(code)))
        case .signaled(let signal): members.append(("signal", JSONText.quote(signal.description)))
        case .unknown, nil: break
        }
        if let duration = subject.duration { members.append(("duration_seconds", JSONText.seconds(duration))) }
        members.append(("message", JSONText.quote(([String(message)] + below).joined(separator: "\n"))))
        return "{" + members.map { "\(JSONText.quote($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }
}
