/// A read-only endpoint over TCP, for the kubelet and for Prometheus.
package enum HealthEndpoint: Equatable, Sendable {
    /// `/livez` and `/healthz`: whether the reactor turns.
    case live
    /// `/readyz` or `/readyz/<app>`: whether the supervisor as a whole, or one app, is ready.
    case ready(app: String?)
    /// `/startupz`: whether the rules have been read once. The answer never depends on an app.
    case startup
    /// `/metrics`.
    case metrics

    /// The endpoint that a request asks for; nil if there is no such endpoint.
    package init?(_ target: RequestTarget) {
        let segments = target.segments
        switch (segments.first, segments.count) {
        case ("livez", 1), ("healthz", 1): self = .live
        case ("readyz", 1): self = .ready(app: nil)
        case ("readyz", 2) where segments[1] != "": self = .ready(app: segments[1])
        case ("startupz", 1): self = .startup
        case ("metrics", 1): self = .metrics
        default: return nil
        }
    }

    /// The probe's name in an answer.
    package var name: String {
        switch self {
        case .live: "livez"
        case .ready(let app): app.map { "readyz/\($0)" } ?? "readyz"
        case .startup: "startupz"
        case .metrics: "metrics"
        }
    }
}
