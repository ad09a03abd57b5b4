/// When an app that ended by itself is started again.
package enum RestartPolicy: String, CaseIterable, Sendable {
    /// Whatever the app's exit status is.
    case always
    /// Unless the app exited with code 0.
    case onFailure = "on-failure"
    case never

    /// Whether an app that ended with this status is started again.
    package func restarts(after status: ExitStatus) -> Bool {
        switch self {
        case .always: true
        case .onFailure: !status.isSuccess
        case .never: false
        }
    }
}
