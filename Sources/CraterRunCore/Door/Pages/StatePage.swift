/// The page in place of an app that takes no requests: which app, in which state, since when, and what helps. The page
/// loads again at each change, and so opens the app as soon as it is ready.
struct StatePage {
    let route: DoorRoute
    /// Whether the reader may see everything: whoever has given the key, or everybody where there is no login.
    let isTrusted: Bool
    /// What went wrong with an app that should take requests.
    var failure: DoorFailure?
    /// The page that is asked for, with its query, as the place to come back to after a login.
    var next: String?
    let now: WallTime

    private static let linesShown = 50

    /// The page, which no proxy nor browser keeps.
    var answer: DoorAnswer {
        var data = [(name: "state", value: DoorOwnPage.state.path(of: route)), ("mark", mark), ("wait", String(wait))]
        if route.login != nil, !isTrusted {
            data += [("login", DoorOwnPage.login.path(of: route)), ("next", next ?? route.prefix.withTrailingSlash)]
        }
        return DoorPage(title: "\(route.app) \(words)", content: content, data: data, refresh: 5)
            .answer(status: status, fields: [StatePage.retry(after: seconds)])
    }

    /// The same in one line, for programs.
    var text: DoorAnswer {
        .text(status, "\(route.app) \(words); try again in \(seconds) s", fields: [StatePage.retry(after: seconds)])
    }

    /// A short text that changes whenever the page does; for an app that takes requests, the same for all pages.
    var mark: String {
        if route.isServed, failure == nil { return "ready" }
        return SHA256.digest(of: content.utf8).prefix(8).map { Byte.hex(UInt32($0), width: 2) }.joined()
    }

    static func retry(after seconds: Int64) -> DoorAnswer.Field { DoorAnswer.Field("Retry-After", String(seconds)) }

    private var status: Int { failure?.status ?? 503 }

    /// What follows the app's name in a sentence.
    private var words: String {
        if let failure { return failure.text }
        if let why = route.lock?.failure { return "is not served: \(why)" }
        return switch route.state.state {
        case .waiting: "waits for its ingress rule"
        // An app without a backend has not told yet where it listens.
        case .starting, .ready, .unready: "is starting"
        case .stopping: "is being stopped"
        case .stopped: "is stopped"
        case .asleep: "is asleep"
        case .backingOff: "does not run, and is started again soon"
        case .failed: "has failed"
        }
    }

    /// After how many seconds another request makes sense.
    private var seconds: Int64 {
        if failure != nil { return 2 }
        return switch route.state.state {
        case .starting, .ready, .unready, .asleep: 2
        case .stopping: 5
        case .waiting: 10
        case .stopped, .failed: 60
        case .backingOff: route.state.retryAt.map(secondsUntil) ?? 10
        }
    }

    /// From 1 to 300: a clock that was set makes nobody wait for a year.
    private func secondsUntil(_ time: WallTime) -> Int64 {
        let (difference, overflow) = time.milliseconds.subtractingReportingOverflow(now.milliseconds)
        return overflow ? 1 : min(max(1, difference / 1000), 300)
    }

    /// How often a browser asks, in milliseconds.
    private var wait: Int {
        switch route.state.state {
        case .waiting, .stopped, .failed: 3000
        default: 1000
        }
    }

    private var content: String {
        let state = route.state
        let app = HTMLText.escape(route.app)
        var parts = ["<h1>\(app) \(HTMLText.escape(words))</h1>"]
        parts.append(
            "<p class=\"quiet\">State: \(state.state.rawValue) since \(DoorPage.time(state.since)), \(restarts).</p>")
        if state.state == .backingOff, let retryAt = state.retryAt {
            parts.append("<p>Next start: \(DoorPage.time(retryAt)).</p>")
        }
        if isTrusted, let reason = state.reason { parts.append("<p>Why: \(HTMLText.escape(reason))</p>") }
        if let cure { parts.append("<p>What helps: \(HTMLText.escape(cure))</p>") }
        if state.state == .asleep {
            parts.append(
                isTrusted ? "<p>It is being started.</p>" : "<p>It is started for everybody who has logged in.</p>")
        }
        parts.append("<p role=\"status\">This page opens \(app) as soon as it is ready.</p>")
        if route.login != nil { parts += isTrusted ? lines : [login] }
        return parts.joined(separator: "\n")
    }

    /// What a user can do, for everybody.
    private var cure: String? {
        if route.lock?.failure != nil {
            return "crater-run status, in the job, says more. As soon as the key can be read, \(route.app) is started"
        }
        let start = "crater-run start \(ShellQuoting.quote(route.app)), in the job"
        return switch (route.state.state, route.state.cure) {
        case (.stopped, nil): start
        case (.failed, nil): "\(start), once what is wrong is mended"
        case (.failed, .some(let cure)): "\(cure); then \(start)"
        case (_, let cure): cure
        }
    }

    private var restarts: String {
        switch route.state.restarts {
        case ...0: "never restarted"
        case 1: "restarted once"
        case let count: "restarted \(count) times"
        }
    }

    /// The last lines of the app's output, for those who have given the key.
    private var lines: [String] {
        let lines = route.state.lastLines.suffix(StatePage.linesShown)
        guard !lines.isEmpty else { return [] }
        let text = lines.map { HTMLText.escape(PrintableText.escape($0.utf8, limit: 1000)) }.joined(separator: "\n")
        return ["<p>The last lines of its output:</p>", "<pre>\(text)</pre>"]
    }

    /// No form here: the page would load again while somebody types.
    private var login: String {
        "<p><a href=\"\(HTMLText.escape(DoorOwnPage.login.path(of: route)))\">Log in</a> to see the app's output.</p>"
    }
}
