/// How an app is served through the front door.
package struct DoorUse: Equatable, Sendable {
    /// Whether the door takes the rule's prefix off the paths of requests. The app then serves at the root, and its
    /// start does not depend on the prefix.
    package var strips: Bool
    /// Whether the door asks for the key of a login.
    package var hasLogin: Bool

    package init(strips: Bool = false, hasLogin: Bool = false) {
        self.strips = strips
        self.hasLogin = hasLogin
    }
}
