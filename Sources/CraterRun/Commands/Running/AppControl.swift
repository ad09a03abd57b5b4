import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// What can be asked of a running app.
enum AppControl: String {
    case start
    case stop
    case restart

    /// Whether an app in this state, in which it was not when it was asked, is where it was to be.
    func isDone(_ app: StatusDocument.App, before: StatusDocument.App?) -> Bool {
        let state = AppState(rawValue: app.state)
        // Its launch is under way, and may fail.
        let isBeingLaunched = state == .starting && app.pid == nil
        switch self {
        case .stop: return state == .stopped || state == .failed || state == .waiting
        case .start: return state != .stopped && state != .stopping && !isBeingLaunched
        case .restart: return state != .stopping && !isBeingLaunched && (app.pid == nil || app.pid != before?.pid)
        }
    }
}
