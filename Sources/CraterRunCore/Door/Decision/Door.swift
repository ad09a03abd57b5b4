/// The decisions of a door: pure functions of a request's head, the routes and the time.
package enum Door {
    /// What a door does with a request.
    ///
    /// - Parameters:
    ///   - port: the port at which the door has accepted the connection.
    ///   - peer: the address of the client, for `X-Forwarded-For`. Nothing is decided by it.
    package static func decide(
        _ head: RequestHead,
        on port: UInt16,
        routes: DoorRoutes,
        peer: String,
        now: WallTime
    ) -> DoorDecision {
        let path = head.headers.slice(head.path)
        // OPTIONS * is about the server as a whole, of which an app is one part.
        guard !path.isEmpty || !head.headers.equals(head.target, "*"), let match = routes.match(path, on: port) else {
            return DoorDecision(.answer(.nothingHere))
        }
        let route = match.route
        let query = head.query.map { head.headers.slice($0) }
        guard match.end < path.endIndex else {
            let kept = query.map { "?" + String(decoding: $0, as: UTF8.self) } ?? ""
            return DoorDecision(.answer(.redirect(308, to: route.prefix.withTrailingSlash + kept)))
        }
        let request = DoorRequest(
            head: head, route: route, rest: path[match.end...], access: DoorAccess(head, to: route, now: now), now: now)
        if DoorOwnPage.isOwn(request.rest) { return request.decideOwnPage() }
        return request.takeQueryKey(query) ?? request.refuse() ?? request.answerForApp() ?? request.answerHome()
            ?? DoorDecision(request.forward(edits: match.edits, peer: peer), guess: request.guess)
    }

    /// The answer in place of the app's, if the app has not begun its own.
    package static func answer(
        to head: RequestHead, after failure: DoorFailure, of forward: DoorForward, now: WallTime
    ) -> DoorAnswer {
        let route = forward.route
        guard DoorRequest.isNavigation(head) else {
            return .text(failure.status, "\(route.app) \(failure.text)", fields: [StatePage.retry(after: 2)])
        }
        return StatePage(route: route, isTrusted: true, failure: failure, now: now).answer
    }
}
