/// One app behind a door: which requests are the app's, where they go, and who may send them.
package struct DoorRoute: Equatable, Sendable {
    package let app: String
    /// The port at which the door accepts connections, 1…65535: the port of the app's rule.
    package let port: UInt16
    /// The prefix outside: the prefix of the app's rule.
    package let prefix: PathPrefix
    /// Where the app listens; nil while it does not run.
    package var backend: DoorBackend?
    /// Whether the app is asked without the prefix.
    package var strips: Bool
    /// Who may send requests; nil for everybody.
    package var login: DoorLogin?
    package var state: DoorAppState
    /// The names of the login's cookies. They follow from the prefix and the app.
    package let cookies: DoorCookieNames

    package init(
        app: String,
        port: UInt16,
        prefix: PathPrefix,
        backend: DoorBackend? = nil,
        strips: Bool = false,
        login: DoorLogin? = nil,
        state: DoorAppState
    ) {
        self.app = app
        self.port = port
        self.prefix = prefix
        self.backend = backend
        self.strips = strips
        self.login = login
        self.state = state
        cookies = DoorCookieNames(app: app, prefix: prefix)
    }

    /// Where requests go now; nil while a page of the door's answers them.
    package var target: DoorBackend? { state.takesRequests ? backend : nil }
}
