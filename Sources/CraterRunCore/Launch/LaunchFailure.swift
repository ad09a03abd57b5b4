/// Why an app could not be started.
package enum LaunchFailure: Error, Equatable, Sendable {
    /// There is no such program. The text names the places tried.
    case notFound(String)
    /// There is one, but it cannot be executed (EACCES, a directory, ENOEXEC).
    case notExecutable(String)
    /// The settings contradict the rule.
    case misconfigured(String)
    /// Somebody else listens on the port. `holder` names it if that can be known.
    case portBusy(port: UInt16, holder: String?)
    /// The host refused for now (EAGAIN, ENOMEM, EMFILE, ETXTBSY): worth another try, and not the app's fault.
    case temporary(String)

    /// Why, for a person; follows "cannot start NAME: ".
    package var reason: String {
        switch self {
        case .notFound(let reason), .notExecutable(let reason), .misconfigured(let reason), .temporary(let reason):
            reason
        case .portBusy(let port, .some(let holder)):
            "port \(port) is in use by \(holder)"
        case .portBusy(let port, .none):
            "port \(port) is in use, and by whom cannot be seen from here (another container of the pod, perhaps)"
        }
    }

    /// The exit code that says so, for a failure that another try cannot mend; nil for the others.
    package var exitCode: Int32? {
        switch self {
        case .notFound: 127
        case .notExecutable: 126
        case .misconfigured: 64
        case .portBusy, .temporary: nil
        }
    }
}
