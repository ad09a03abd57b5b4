/// A request for what a button of the home page does. Its sender may do it; which app is meant, and what is wanted, is in
/// the body: `app=tensorboard&do=start`.
package struct HomeCommand: Equatable, Sendable {
    let route: DoorRoute
    let home: HomeView
    /// Whether the answer leads a browser back to the home page. Scripts get an answer without content.
    let wantsPage: Bool

    func decide(body: some Collection<UInt8>) -> DoorDecision {
        let app = String(decoding: FormText.value(of: "app", in: body) ?? [], as: UTF8.self)
        let word = String(decoding: FormText.value(of: "do", in: body) ?? [], as: UTF8.self)
        guard home.tile(of: app) != nil else {
            return DoorDecision(.answer(.text(404, "the home page has no such app")))
        }
        guard let verb = HomeVerb(rawValue: word) else {
            return DoorDecision(.answer(.text(400, "the form field `do` is start, stop or restart")))
        }
        let done = wantsPage ? DoorAnswer.redirect(303, to: route.prefix.withTrailingSlash) : DoorAnswer.noContent
        return DoorDecision(.command(app: app, verb, done))
    }
}
