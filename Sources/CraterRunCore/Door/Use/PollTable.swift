/// What the open page of an app sends by itself, on a timer, whether anybody looks at it or not. All other requests are
/// a person's use of the app.
package struct PollTable: Equatable, Sendable {
    /// The requests that a timer of the page sends.
    package var timed: [PathPattern]
    /// The requests that the page sends right after a timed one, and when a person does something.
    package var following: [PathPattern]
    /// The websockets at which the page sends messages by itself.
    package var sockets: [PathPattern]
    /// The shortest message of a person's at the other websockets, in bytes on the wire.
    package var shortestMessage: Int

    package init(
        timed: [PathPattern] = [], following: [PathPattern] = [], sockets: [PathPattern] = [], shortestMessage: Int = 0
    ) {
        self.timed = timed
        self.following = following
        self.sockets = sockets
        self.shortestMessage = shortestMessage
    }

    package static let none = PollTable()

    /// What a request says of the use of its app.
    func use(_ head: RequestHead, _ path: ArraySlice<UInt8>) -> RequestUse {
        if head.isUpgrade {
            // A page opens its websockets again by itself. What is sent through them tells.
            return sockets.contains { $0.matches(head.method, path) } ? .ownSocket : .socket(shortestMessage)
        }
        if timed.contains(where: { $0.matches(head.method, path) }) { return .timed }
        return following.contains { $0.matches(head.method, path) } ? .following : .person
    }
}
