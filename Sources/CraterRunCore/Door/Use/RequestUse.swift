/// What a request says of whether a person uses its app.
package enum RequestUse: Equatable, Sendable {
    case person
    /// A timer of an open page has sent the request.
    case timed
    /// A person, unless the page has just sent a timed request.
    case following
    /// The page wants a websocket or another tunnel. A message of at least so many bytes is a person's.
    case socket(Int)
    /// The same, where the page sends messages by itself.
    case ownSocket
}
