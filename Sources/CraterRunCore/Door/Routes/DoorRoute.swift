/// One app behind a door: which requests are the app's, where they go, and who may send them. A class, since each request
/// takes its route along, and a copy of all these values would cost more than the rest of a decision.
package final class DoorRoute: Sendable {
    package let app: String
    /// The port at which the door accepts connections, 1…65535: the port of the app's rule.
    package let port: UInt16
    /// The prefix outside: the prefix of the app's rule.
    package let prefix: PathPrefix
    /// Where the app listens; nil while it does not run.
    package let backend: DoorBackend?
    /// Whether the app is asked without the prefix.
    package let strips: Bool
    /// The host of the ingress as a user's browser knows it, with a port if it has one; nil if it is not known.
    package let publicHost: String?
    /// Who may send requests; nil for everybody, unless there is a ``lock``.
    package let login: DoorLogin?
    /// Why nobody may send requests; nil if there is no login, or its key is known.
    package let lock: DoorLock?
    package let state: DoorAppState
    /// Where the login's cookie belongs, for a route below a home page; nil for the route itself.
    package let loginPlace: DoorLoginPlace?
    /// What the open page of the app sends by itself.
    package let polls: PollTable
    /// What the home page shows; nil for the route of an app. The route of a home page has no backend.
    package let home: HomeView?

    /// Where requests go now; nil while a page of the door's answers them.
    package let target: DoorBackend?
    /// Whether requests get what they are for: the app's answer, or the home page. Otherwise they get the state.
    package let isServed: Bool
    /// Where the login's cookie belongs: ``loginPlace``, or the route's own app and prefix.
    package let cookiePlace: DoorLoginPlace
    /// The names of the login's cookies. They follow from the prefix and the app of ``cookiePlace``.
    package let cookies: DoorCookieNames
    /// The prefix, for comparisons.
    package let path: PrefixBytes
    /// What is changed in the app's responses.
    package let responseEdits: ResponseEdits

    package init(
        app: String,
        port: UInt16,
        prefix: PathPrefix,
        backend: DoorBackend? = nil,
        strips: Bool = false,
        publicHost: String? = nil,
        login: DoorLogin? = nil,
        lock: DoorLock? = nil,
        state: DoorAppState,
        loginPlace: DoorLoginPlace? = nil,
        polls: PollTable = .none,
        home: HomeView? = nil
    ) {
        self.app = app
        self.port = port
        self.prefix = prefix
        self.backend = backend
        self.strips = strips
        self.publicHost = publicHost
        self.login = login
        self.lock = lock
        self.state = state
        self.loginPlace = loginPlace
        self.polls = polls
        self.home = home
        target = state.takesRequests && lock == nil ? backend : nil
        isServed = home == nil ? target != nil : lock == nil && login != nil
        cookiePlace = loginPlace ?? DoorLoginPlace(app: app, prefix: prefix)
        cookies = DoorCookieNames(of: cookiePlace)
        path = PrefixBytes(prefix)
        var addresses: AppAddresses?
        if strips {
            let port: UInt16? = if case .port(let port)? = backend { port } else { nil }
            addresses = AppAddresses(backendPort: port, publicHost: publicHost)
        }
        responseEdits = ResponseEdits(prefix: path, stripping: addresses, clampsCookies: loginPlace != nil)
    }
}

// The rest follows from these.
extension DoorRoute: Equatable {
    package static func == (one: DoorRoute, other: DoorRoute) -> Bool {
        one === other
            || (one.app, one.port, one.prefix, one.backend, one.strips) == (
                other.app, other.port, other.prefix, other.backend, other.strips
            )
                && (one.publicHost, one.login, one.lock, one.state) == (
                    other.publicHost, other.login, other.lock, other.state
                )
                && (one.loginPlace, one.polls, one.home) == (other.loginPlace, other.polls, other.home)
    }
}
