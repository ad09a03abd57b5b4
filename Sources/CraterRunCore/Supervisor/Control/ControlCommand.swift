/// What a user can ask a running supervisor to do.
package enum ControlCommand: Equatable, Sendable {
    case start(app: String)
    case stop(app: String)
    case restart(app: String)
    /// Stop the app, and have the front door give up the app's port: another crater-run is to serve the app there.
    case release(app: String)
    /// Serve one more app, until the supervisor ends.
    case serve(AppDefinition)
}
