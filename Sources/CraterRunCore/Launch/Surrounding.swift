/// A part of the user's surroundings without which an app may not start.
package enum Surrounding: Sendable {
    /// A writable home directory.
    case home
    /// A name for the user.
    case userName
}
