import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux
import FoundationEssentials

/// A request to a supervisor about one of its apps.
enum AppControl: String {
    case start
    case stop
    case restart

    /// Whether the request is complete.
    ///
    /// - Parameters:
    ///   - app: the app's status now.
    ///   - before: the app's status before the request.
    func isDone(_ app: StatusDocument.App, before: StatusDocument.App?) -> Bool {
        let state = AppState(rawValue: app.state)
        // The app is being launched, which may still fail.
        let isBeingLaunched = state == .starting && app.pid == nil
        switch self {
        case .stop: return state == .stopped || state == .failed || state == .waiting
        case .start: return state != .stopped && state != .asleep && state != .stopping && !isBeingLaunched
        case .restart:
            return state != .asleep && state != .stopping && !isBeingLaunched
                && (app.pid == nil || app.pid != before?.pid)
        }
    }
}
