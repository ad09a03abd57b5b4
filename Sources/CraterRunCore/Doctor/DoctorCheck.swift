/// One link of the chain from the Pod's annotations to an app's page, and whether it holds.
package struct DoctorCheck: Equatable, Sendable {
    /// Which link, in the order of the chain.
    package enum Link: String, CaseIterable, Sendable {
        /// We are in a Pod.
        case pod
        /// The volume with the annotations file is mounted.
        case volume
        case readable
        /// The file holds all annotations, and not a single one.
        case item
        /// Changes of the annotations arrive in the file.
        case updates
        /// The ingress rules are valid, and there is one.
        case rules
        /// What looks after the apps.
        case supervisor
        /// Whom the kernel takes first when memory runs out. It is never broken.
        case memory
        /// The app has a rule.
        case rule
        case executable
        /// The supervisor serves the app, and by its rule.
        case serving
        /// The rule's port is free, or the app's.
        case port
        /// The app listens where the ingress reaches it.
        case listening
        /// The app answers under the prefix.
        case answer
    }

    package enum Status: String, Sendable {
        case ok
        /// The chain is broken here.
        case failed
        /// Not looked at, or of no account; the message says why.
        case skipped

        /// What stands before the line.
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
    /// The app, if it is a link of one app's chain.
    package let app: String?
    package let message: String
    /// How to mend it, perhaps in several lines: what to type, or what to write into the Pod. Only of what failed.
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
