/// What of the user's surroundings an app may not start without.
package enum Surrounding: Sendable {
    /// A home directory that can be written to.
    case home
    /// A name for the user.
    case userName
}
