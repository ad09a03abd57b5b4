/// The door's own places below the prefix.
extension DoorRequest {
    func decideOwnPage() -> DoorDecision {
        guard let page = DoorOwnPage(rest) else { return DoorDecision(.answer(.nothingHere)) }
        let reads = head.method == .get || head.method == .head
        switch page {
        case .state where reads:
            // Everybody may ask: the state page says the same to everybody.
            let mark = StatePage(route: route, isTrusted: access.isGranted, now: now).mark
            return DoorDecision(.answer(.plain(mark)), guess: guess)
        case .state: return DoorDecision(.answer(.notAllowed("GET, HEAD")))
        case .tiles: return decideTiles()
        case .app: return decideCommand()
        case .login, .logout:
            if route.lock != nil, let answer = answerForApp() { return answer }
            guard let login = route.login else { return DoorDecision(.answer(.nothingHere)) }
            if reads {
                let page = access.isLoggedIn ? LogoutPage(route: route).answer : loginPage
                // The answer tells whether the request's own key is right.
                return DoorDecision(.answer(page), guess: guess)
            }
            guard head.method == .post else { return DoorDecision(.answer(.notAllowed("GET, HEAD, POST"))) }
            if page == .logout { return logOut() }
            let form = DoorCookieForm(of: head)
            return DoorDecision(
                .form(.signIn(DoorSignIn(route: route, login: login, form: form, wantsPage: wantsPage))))
        }
    }

    private var loginPage: DoorAnswer { LoginPage(route: route, next: route.prefix.withTrailingSlash).answer }

    private func logOut() -> DoorDecision {
        guard SameOrigin.isProven(by: head) else { return DoorDecision(.answer(.otherOrigin)) }
        return DoorDecision(
            .answer(.redirect(303, to: route.prefix.withTrailingSlash, fields: DoorCookies.clear(route))))
    }
}
