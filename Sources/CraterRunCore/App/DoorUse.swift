/// How an app is served through the front door.
package struct DoorUse: Equatable, Sendable {
    /// Whether the door takes the rule's prefix off the paths of requests. The app then serves at the root, and its
    /// start does not depend on the prefix, unless the app ``writesPrefix``.
    package var strips: Bool
    /// Whether the door asks for the key of a login.
    package var hasLogin: Bool

    /// Whether the app writes the prefix outside into its links, even if the door strips (``WebApp/writesOutsidePrefix``).
    package var writesPrefix: Bool

    package init(strips: Bool = false, hasLogin: Bool = false, writesPrefix: Bool = false) {
        self.strips = strips
        self.hasLogin = hasLogin
        self.writesPrefix = writesPrefix
    }
}
