/// Where the key of an app's login comes from.
package enum LoginSource: Equatable, Sendable {
    /// A random key, which stays the same as long as the run lasts.
    case random
    /// The user's own key.
    case given(LoginKey)
    /// The content of this file, which is read at each launch.
    case file(path: String)
}
