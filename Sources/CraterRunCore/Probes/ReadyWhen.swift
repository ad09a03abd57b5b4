/// When a supervisor counts as ready: `--ready-when`. An app that sleeps counts as ready, since a visit wakes it.
package enum ReadyWhen: Equatable, Sendable {
    /// One of the apps that have a rule is ready, no app has a rule, or the front door serves a home page. Readiness
    /// controls all Services of a Pod: an app that does not start must not make the others unreachable, nor the page
    /// whose buttons start and stop them. An app whose line cannot be used counts as an app with a rule.
    case any
    /// All of the apps that have a rule are ready.
    case all
    /// All apps with these names are ready, whether they have a rule or not.
    case apps([String])

    /// Reads `any`, `all`, or names separated by commas; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "any": self = .any
        case "all": self = .all
        default:
            let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard names.allSatisfy({ !$0.isEmpty && $0.allSatisfy { !$0.isWhitespace && $0 != "/" } }) else {
                return nil
            }
            self = .apps(names)
        }
    }

    /// The condition of a rule that is going to open an app.
    static func pending(_ rule: String) -> String { "\(rule): to be served once the job has had time to take the port" }

    /// The condition of a name that no app has.
    static func unknown(_ name: String) -> String { "there is no app \(name)" }

    /// The names that must be ready and that no app has.
    func unknownNames(in report: SupervisorReport) -> [String] {
        guard case .apps(let names) = self else { return [] }
        return names.filter { name in !report.apps.contains { $0.name == name } }
    }

    /// Why the supervisor does not count as ready; nil if it does.
    package func obstacle(in report: SupervisorReport) -> String? {
        if report.isStopping { return "crater-run is stopping" }
        if report.isTakingOver { return "the processes that the previous supervisor left are being ended" }
        guard report.hasRules else { return report.complaint ?? "the ingress rules have not been read" }
        let pending = report.pendingRules.map(ReadyWhen.pending)
        switch self {
        case .any:
            if let home = report.home, let door = report.door, door.ports.contains(home.port), door.problem == nil {
                return nil
            }
            // Below a page that cannot be opened, nobody reaches an app, and the job may be what has the page's port.
            let apps = report.appsThatCount.filter { !$0.isBelowHome }
            if apps.contains(where: \.isAvailable) || apps.isEmpty && pending.isEmpty { return nil }
            return (apps.map(\.condition) + pending).joined(separator: "; ")
        case .all:
            let missing = report.appsThatCount.filter { !$0.isAvailable }.map(\.condition) + pending
            return missing.isEmpty ? nil : missing.joined(separator: "; ")
        case .apps(let names):
            let missing = names.compactMap { name in
                guard let app = report.apps.first(where: { $0.name == name }) else { return ReadyWhen.unknown(name) }
                return app.isAvailable ? nil : app.condition
            }
            return missing.isEmpty ? nil : missing.joined(separator: "; ")
        }
    }
}

extension AppReport {
    /// The app's name, its state and the reason, in one line: `tensorboard: unready: it answers 503`.
    package var condition: String { "\(name): \(state.rawValue)" + (reason.map { ": \($0)" } ?? "") }
}
