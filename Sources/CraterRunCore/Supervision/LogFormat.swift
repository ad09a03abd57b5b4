/// How crater-run's own lines look: `--log-format`.
package enum LogFormat: String, CaseIterable, Sendable {
    /// `crater-run: warning: tensorboard: …`, for people.
    case text
    /// A JSON object a line, for programs.
    case json
}

extension LogEntry {
    /// The entry as text without a newline at its end. As JSON it is one line in any case; as text it has the message's lines.
    package func rendered(as format: LogFormat, at time: WallTime) -> String {
        switch format {
        case .text: "crater-run: \(level >= .warning ? "\(level.rawValue): " : "")\(message)"
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
        members.append(("message", JSONText.quote(message)))
        return "{" + members.map { "\(JSONText.quote($0.0)):\($0.1)" }.joined(separator: ",") + "}"
    }
}

/// Values as JSON (RFC 8259).
private enum JSONText {
    /// A string. U+2028 and U+2029 are escaped as well: some readers of JSON lines take them for the end of one.
    static func quote(_ text: some StringProtocol) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// A duration in seconds, to the millisecond.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.clampedNanoseconds) / 1_000_000
        return "\(milliseconds / 1000).\(String(milliseconds % 1000 + 1000).dropFirst())"
    }
}
