/// What a door does with a request.
package struct DoorDecision: Equatable, Sendable {
    package enum Action: Equatable, Sendable {
        case forward(DoorForward)
        case answer(DoorAnswer)
        /// The body of the request is needed first: ``DoorForm/decide(body:now:)`` decides then.
        case form(DoorForm)
        /// The app sleeps, or is going to: if the request is a person's, the supervisor is told, and wakes the app.
        case visit(app: String, RequestUse, DoorAnswer)
        /// The supervisor is told this of an app, and the client gets the answer; ``DoorAnswer/commandLost`` if the
        /// supervisor cannot be told.
        case command(app: String, HomeVerb, DoorAnswer)
    }

    package let action: Action
    /// The key that the request gave, if its answer depends on it. ``LoginThrottle/release(_:at:)`` then says when the
    /// action is taken; nil: at once.
    package let guess: KeyGuess?

    init(_ action: Action, guess: KeyGuess? = nil) {
        self.action = action
        self.guess = guess
    }
}

/// A request that goes to an app.
package struct DoorForward: Equatable, Sendable {
    /// The route by which the request goes. Its ``DoorRoute/target`` was not nil when this was decided.
    package let route: DoorRoute
    package let backend: DoorBackend
    package let request: RequestEdits
    /// Whether the request is a person's.
    package let use: RequestUse

    /// What is changed in the app's response.
    package var response: ResponseEdits { route.responseEdits }
}
