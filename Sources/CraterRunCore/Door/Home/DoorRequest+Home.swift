/// Requests to a home page. Their senders have logged in when these steps are taken.
extension DoorRequest {
    /// The step that answers for a home page.
    func answerHome() -> DoorDecision? {
        route.home.map { DoorDecision(.answer(answer(of: $0)), guess: guess) }
    }

    private func answer(of home: HomeView) -> DoorAnswer {
        let isHome = rest.count == 1
        guard head.method == .get || head.method == .head else {
            return isHome ? .notAllowed("GET, HEAD") : .nothingHere
        }
        let page = HomePage(route: route, home: home, now: now)
        if isHome { return page.answer }
        guard isNavigation else { return .nothingHere }
        let name = rest.dropFirst().prefix { $0 != Byte.slash }
        // An app that does not run has no route of its own. To visit its place starts nothing.
        if home.tile(of: String(decoding: PercentEncoding.decode(name), as: UTF8.self)) != nil {
            return .redirect(303, to: route.prefix.withTrailingSlash)
        }
        return NoPage(route: route).answer
    }

    /// The changing part of the home page, for the page's script.
    func decideTiles() -> DoorDecision {
        guard let home = route.home else { return DoorDecision(.answer(.nothingHere)) }
        guard head.method == .get || head.method == .head else {
            return DoorDecision(.answer(.notAllowed("GET, HEAD")))
        }
        return refuse() ?? answerForApp()
            ?? DoorDecision(.answer(HomePage(route: route, home: home, now: now).fragment), guess: guess)
    }

    /// What a button of the home page does.
    func decideCommand() -> DoorDecision {
        guard let home = route.home else { return DoorDecision(.answer(.nothingHere)) }
        guard head.method == .post else { return DoorDecision(.answer(.notAllowed("POST"))) }
        // Whoever presses a button after the session has ended is asked for the key.
        if route.isServed, access == .none(guess: nil), wantsPage {
            return DoorDecision(.answer(.redirect(303, to: route.prefix.withTrailingSlash)))
        }
        return refuse() ?? answerForApp()
            // Even the wish for the form's body tells that the key is right.
            ?? DoorDecision(
                .form(.command(HomeCommand(route: route, home: home, wantsPage: wantsPage))), guess: guess)
    }
}
