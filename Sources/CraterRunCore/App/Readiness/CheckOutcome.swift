/// What a readiness check found.
package enum CheckOutcome: Equatable, Sendable {
    /// The app answered with this HTTP status, 100…999.
    case answered(status: Int)
    /// It answered, but whether the listener belongs to the app cannot be seen (another uid, hidepid).
    case answeredUnattributed(status: Int)
    /// Somebody answers on the port, and it is not the app. `holder` names it if that can be known.
    case answeredByAnother(holder: String?)
    /// The app listens on the loopback address alone, where no ingress can reach it.
    case loopbackOnly(port: UInt16)
    /// Nobody listens at its port, and its processes listen at these others.
    case listensElsewhere(ports: [UInt16])
    /// No answer; the reason is for a person.
    case silent(reason: String)

    /// The HTTP status, if it is an answer that may be the app's own.
    var status: Int? {
        switch self {
        case .answered(let status), .answeredUnattributed(let status): status
        case .answeredByAnother, .loopbackOnly, .listensElsewhere, .silent: nil
        }
    }

    /// Whether nobody answered at all.
    var isSilent: Bool {
        if case .silent = self { true } else { false }
    }
}
