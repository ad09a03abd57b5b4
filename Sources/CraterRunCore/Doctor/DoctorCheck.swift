/// The check of one link in the chain from the Pod's annotations to an app's page.
package struct DoctorCheck: Equatable, Sendable {
    /// The links, in the order of the chain.
    package enum Link: String, CaseIterable, Sendable {
        /// crater-run runs in a Pod.
        case pod
        /// The volume with the annotations file is mounted.
        case volume
        case readable
        /// The file contains all annotations, not a single one.
        case item
        /// Changes of the annotations arrive in the file.
        case updates
        /// The ingress rules are valid, and there is at least one.
        case rules
        /// The supervisor of the apps.
        case supervisor
        /// Which processes the kernel kills first when memory runs out. This link is never broken.
        case memory
        /// The app has a rule.
        case rule
        case executable
        /// The supervisor serves the app by its rule.
        case serving
        /// The rule's port is free, or used by the app.
        case port
        /// The front door accepts at the rule's port, for an app that is served through one.
        case door
        /// The app listens where the ingress reaches it.
        case listening
        /// The app answers under the prefix.
        case answer
    }

    /// The result of the check.
    package enum Status: String, Sendable {
        case ok
        /// The chain is broken here.
        case failed
        /// Not checked, or not important; the message says why.
        case skipped

        /// The mark before the line.
        package var mark: String {
            switch self {
            case .ok: "✓"
            case .failed: "✗"
            case .skipped: "–"
            }
        }
    }

    package let link: Link
    package let status: Status
    /// The app, for a link of one app's chain; else nil.
    package let app: String?
    package let message: String
    /// How to mend a failure, perhaps in several lines: what to type, or what to write into the Pod. Nil for other
    /// checks.
    package let remedy: String?

    package static func ok(_ link: Link, app: String? = nil, _ message: String) -> DoctorCheck {
        DoctorCheck(link: link, status: .ok, app: app, message: message, remedy: nil)
    }

    package static func failed(_ link: Link, app: String? = nil, _ message: String, remedy: String) -> DoctorCheck {
        DoctorCheck(link: link, status: .failed, app: app, message: message, remedy: remedy)
    }

    package static func skipped(_ link: Link, app: String? = nil, _ message: String) -> DoctorCheck {
        DoctorCheck(link: link, status: .skipped, app: app, message: message, remedy: nil)
    }

    /// The line for people, without its mark: `tensorboard port: …`.
    package var line: String {
        "\(app.map { "\(PrintableText.escape($0.utf8, limit: 80)) " } ?? "")\(link.rawValue): \(message)"
    }
}
