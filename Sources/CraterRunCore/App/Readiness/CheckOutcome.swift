/// What a readiness check found.
package enum CheckOutcome: Equatable, Sendable {
    /// The app answered with this HTTP status, 100…999.
    case answered(status: Int)
    /// An answer with this HTTP status, which may be the app's: the process that listens cannot be seen (another uid,
    /// hidepid).
    case answeredUnattributed(status: Int)
    /// Another process answers at the app's port. `holder` names the process if it is known.
    case answeredByAnother(holder: String?)
    /// The app listens only on the loopback address, where no ingress can reach it.
    case loopbackOnly(port: UInt16)
    /// No process listens at the app's port, but the app's own processes listen at these other ports.
    case listensElsewhere(ports: [UInt16])
    /// No process listens at the app's port, but the app's own processes listen at these other ports, on the loopback
    /// address alone. They may be for the app's own use, with the app's port to follow.
    case loopbackPorts([UInt16])
    /// There was no answer. `reason` is for people.
    case silent(reason: String)

    /// The reason of ``nobodyListens``.
    package static let nobody = "nobody listens at its port"
    /// The connection was refused.
    package static let nobodyListens = CheckOutcome.silent(reason: nobody)

    /// The HTTP status of an answer that is, or may be, the app's; nil for the other outcomes.
    var status: Int? {
        switch self {
        case .answered(let status), .answeredUnattributed(let status): status
        case .answeredByAnother, .loopbackOnly, .listensElsewhere, .loopbackPorts, .silent: nil
        }
    }

    /// Whether there was no answer at all, and no sign yet of a mistake.
    var isSilent: Bool {
        switch self {
        case .silent, .loopbackPorts: true
        case .answered, .answeredUnattributed, .answeredByAnother, .loopbackOnly, .listensElsewhere: false
        }
    }
}
