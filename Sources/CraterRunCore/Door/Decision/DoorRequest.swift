/// A request that belongs to a route, and what it proves: the steps of a decision, in the order of ``Door/decide``.
struct DoorRequest {
    let head: RequestHead
    let route: DoorRoute
    /// The path without its prefix; it begins with a slash.
    let rest: ArraySlice<UInt8>
    let access: DoorAccess
    let now: WallTime

    /// The key that the request has given as Bearer, if the decision depends on it.
    var guess: KeyGuess? {
        switch access {
        case .open, .session: nil
        case .key(let guess): guess
        case .none(let guess): guess
        }
    }

    var isNavigation: Bool { DoorRequest.isNavigation(head) }

    /// Whether a browser asks for a document to show, by what the browser says of it (W3C Fetch Metadata), or, if the
    /// browser says nothing, by the types that the client wants.
    static func isNavigation(_ head: RequestHead) -> Bool {
        guard head.method == .get || head.method == .head, !head.isUpgrade else { return false }
        if let mode = head[.secFetchMode] { return head.headers.equals(mode, "navigate") }
        return wantsPage(head)
    }

    /// Whether the client takes pages. Browsers say it of navigations, those that post a form included.
    var wantsPage: Bool { DoorRequest.wantsPage(head) }

    private static func wantsPage(_ head: RequestHead) -> Bool {
        head.headers.values(of: .accept).contains { head.text($0).lowercased().contains("text/html") }
    }

    /// The step that takes a key from the query: whoever has it gets a session and the same page without the key.
    func takeQueryKey(_ query: ArraySlice<UInt8>?) -> DoorDecision? {
        // A request is one guess: a wrong key in a header is the request's guess.
        if case .none(.some) = access { return nil }
        guard let login = route.login, head.method == .get || head.method == .head, !head.isUpgrade,
            let found = query.flatMap({ QueryKey($0) })
        else { return nil }
        let guess = KeyGuess(found.key, at: login)
        let next = next(query: found.rest)
        guard guess.isRight else {
            // An app may have a parameter of this name itself.
            guard case .none = access else { return nil }
            return DoorDecision(.answer(loginNeeded(isWrong: true, next: next)), guess: guess)
        }
        return DoorDecision(
            .answer(
                .beginSession(
                    at: route, login: login, form: DoorCookieForm(of: head), next: next, now: now)),
            guess: guess)
    }

    /// The step that refuses who may not send the request.
    func refuse() -> DoorDecision? {
        switch access {
        case .open, .key: return nil
        case .session:
            let isSafe = head.method.isSafe && !head.isUpgrade
            return isSafe || SameOrigin.isProven(by: head) ? nil : DoorDecision(.answer(.otherOrigin))
        case .none(let guess):
            // While the app is not there, its state is shown to everybody who navigates to it. Without a known key, nobody
            // can be asked for one.
            if route.lock != nil || !route.isServed && isNavigation { return nil }
            return DoorDecision(.answer(loginNeeded(isWrong: guess != nil, next: next)), guess: guess)
        }
    }

    /// The step that answers for an app that takes no requests, and for a home page that must not be shown.
    func answerForApp() -> DoorDecision? {
        guard !route.isServed else { return nil }
        let page = StatePage(route: route, isTrusted: access.isGranted, next: next, now: now)
        let answer = isNavigation ? page.answer : page.text
        guard route.lock == nil, access.isGranted, [.asleep, .stopping].contains(route.state.state) else {
            return DoorDecision(.answer(answer), guess: guess)
        }
        return DoorDecision(.visit(app: route.app, use, answer), guess: guess)
    }

    private var use: RequestUse { route.polls.use(head, rest) }

    func forward(edits: RouteEdits, peer: String) -> DoorDecision.Action {
        guard let backend = route.target else { return .answer(.nothingHere) }
        // A request with a session may have the key as well.
        let withholdsBearer =
            if access == .session, let login = route.login { DoorAccess.hasKey(head, of: login) } else {
                access.hasKey
            }
        let edits = RequestEdits(
            edits, peer: peer, withholdsBearer: withholdsBearer,
            withheldPlaces: route.login.map { KeyCut.places(in: head, of: $0) } ?? [])
        return .forward(DoorForward(route: route, backend: backend, request: edits, use: use))
    }

    /// The login page for navigations, a line of text for everything else.
    private func loginNeeded(isWrong: Bool, next: String) -> DoorAnswer {
        guard isNavigation else { return .keyNeeded(for: route) }
        let page = LoginPage(route: route, next: next, isWrong: isWrong).answer
        // A session that has ended is cleared, so that the browser does not send it for ever.
        return DoorCookies.values(in: head, of: route).isEmpty ? page : page.adding(DoorCookies.clear(route))
    }

    /// The page that is asked for, as the place to come back to.
    private var next: String { next(query: head.query.map { head.text($0) }) }

    /// - Parameter query: the query in place of the request's own.
    private func next(query: String?) -> String {
        let query = query.map { Array("?\($0)".utf8) } ?? []
        return NextPage.path(Array(route.path.withoutSlash) + Array(rest) + query, below: route)
    }
}
