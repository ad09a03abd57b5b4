/// Why nobody gets to an app: the app has a login, and the key of the login is not known.
package struct DoorLock: Equatable, Sendable {
    /// Why the key could not be had, as what follows "NAME is not served: "; nil if nobody has tried yet. It names no file:
    /// everybody reads it.
    package let failure: String?

    package init(failure: String? = nil) { self.failure = failure }
}
