/// A request that posts a key.
package struct DoorSignIn: Equatable, Sendable {
    let route: DoorRoute
    let login: DoorLogin
    let form: DoorCookieForm
    /// Whether a wrong key is answered with the login page.
    let wantsPage: Bool

    /// What follows from the form: a session and a redirect to the page that the user wanted, or the login page again.
    func decide(body: some Collection<UInt8>, now: WallTime) -> DoorDecision {
        let guess = KeyGuess(FormText.value(of: "key", in: body) ?? [], at: login)
        let next = NextPage.path(FormText.value(of: "next", in: body) ?? [], below: route)
        guard guess.isRight else {
            let page = LoginPage(route: route, next: next, isWrong: true).answer
            return DoorDecision(.answer(wantsPage ? page : .keyNeeded(for: route)), guess: guess)
        }
        return DoorDecision(
            .answer(.beginSession(at: route, login: login, form: form, next: next, now: now)), guess: guess)
    }
}
