/// Whose code an app runs. Cures for the app's faults depend on it.
package enum AppCode: Equatable, Sendable {
    /// The app's own program, such as TensorBoard's.
    case program
    /// A script of the user's, which a known app serves.
    case userScript
    /// A command of the user's.
    case userCommand
    /// A command of the user's that names its port or its socket.
    case userCommandWithPort

    package init(of app: any WebApp) {
        if let app = app as? CustomApp {
            self = app.namesPlace ? .userCommandWithPort : .userCommand
        } else if app is any ScriptApp || app is any BokehServer {
            self = .userScript
        } else {
            self = .program
        }
    }
}
