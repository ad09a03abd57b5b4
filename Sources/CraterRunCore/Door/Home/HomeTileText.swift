/// The tile of an app on the home page.
struct HomeTileText {
    let tile: HomeTile
    /// Where a button's form is posted, escaped.
    let action: String
    let output: HomeOutput
    let now: WallTime

    var html: String {
        let app = HTMLText.escape(tile.app)
        return """
            <li id="app-\(app)" class="\(look)"><article aria-labelledby="name-\(app)">
            <h2 id="name-\(app)" tabindex="-1">\(title)</h2>
            <p class="about">\(HTMLText.escape(shortened(tile.about, 200)))</p>
            <p class="state \(look)" data-app="\(title)">\(words)</p>
            \(details.map { $0 + "\n" }.joined())\(buttons)
            </article></li>
            """
    }

    private var title: String { HTMLText.escape(shortened(tile.title, 80)) }

    private func shortened(_ text: String, _ limit: Int) -> String { PrintableText.escape(text.utf8, limit: limit) }

    // MARK: The state

    /// The class of the tile and of its state.
    private var look: String {
        guard tile.isStarted else { return "off" }
        return switch tile.state.state {
        case .ready: "ready"
        case .unready, .backingOff: "trouble"
        case .starting, .waiting, .stopping: "busy"
        case .stopped, .asleep: "off"
        case .failed: "failed"
        }
    }

    private var words: String {
        guard tile.isStarted else { return "Not running" }
        return switch tile.state.state {
        case .waiting: "Waits for its ingress rule"
        case .starting: "Starting"
        case .ready: "Running"
        case .unready: "Runs, but does not answer"
        case .stopping: "Stopping"
        case .stopped: "Stopped"
        case .asleep: "Asleep; opens as soon as it is ready"
        case .backingOff: "Has ended, and is started again soon"
        case .failed: "Failed"
        }
    }

    /// What a state alone does not say. An app that was never started has nothing to tell.
    private var details: [String] {
        guard tile.isStarted else { return [] }
        let state = tile.state
        var parts: [String] = []
        if let reason = state.reason {
            parts.append("<p class=\"why\">\(HTMLText.escape(shortened(reason, 400)))</p>")
        }
        if let cure = state.cure {
            parts.append("<p class=\"cure\"><b>What helps:</b> \(HTMLText.escape(shortened(cure, 400)))</p>")
        }
        var since = "<p class=\"quiet\">Since \(DoorPage.time(state.since))"
        if state.restarts > 0 {
            since += ", restarted \(state.restarts == 1 ? "once" : "\(state.restarts) times")"
        }
        if state.state == .backingOff, let retryAt = state.retryAt {
            since += "; next start \(DoorPage.time(retryAt))"
        }
        parts.append(since + "</p>")
        if let lines = output.html(of: tile) {
            parts.append(
                """
                <details><summary>Last lines<span class="unseen"> of \(title)</span></summary>
                <pre tabindex="0" role="group" aria-label="Last lines of \(title)">\(lines)</pre></details>
                """)
        }
        return parts
    }

    // MARK: What a reader can do

    private var buttons: String {
        // A visit wakes an app that sleeps.
        let isOpen = tile.isStarted && (tile.state.takesRequests || tile.state.state == .asleep)
        let link = isOpen ? tile.link.map(open) ?? "" : ""
        let verbs = verbs
        let form =
            verbs.isEmpty
            ? ""
            : """
            <form method="post" action="\(action)"><input type="hidden" name="app" value="\(HTMLText.escape(tile.app))">\
            \(verbs.map { button($0, isMain: !isOpen && $0 == .start) }.joined())</form>
            """
        return link.isEmpty && form.isEmpty ? "" : "<div class=\"do\">\(link)\(form)</div>"
    }

    private var verbs: [HomeVerb] {
        guard tile.hasButtons else { return [] }
        guard tile.isStarted else { return [.start] }
        return switch tile.state.state {
        case .ready, .unready: [.restart, .stop]
        case .starting, .waiting: [.stop]
        case .backingOff, .asleep: [.start, .stop]
        case .stopping: []
        case .stopped, .failed: [.start]
        }
    }

    private func open(_ link: String) -> String {
        "<a class=\"main\" data-do=\"open\" href=\"\(HTMLText.escape(link))\">Open\(unseenTitle)</a>"
    }

    private func button(_ verb: HomeVerb, isMain: Bool) -> String {
        let word =
            switch verb {
            case .start: "Start"
            case .stop: "Stop"
            case .restart: "Restart"
            }
        return """
            <button\(isMain ? " class=\"main\"" : "") data-do="\(verb.rawValue)" name="do" value="\(verb.rawValue)">\
            \(word)\(unseenTitle)</button>
            """
    }

    /// Whoever hears a button without the tile around it has to know which app is meant.
    private var unseenTitle: String { "<span class=\"unseen\"> \(title)</span>" }
}
