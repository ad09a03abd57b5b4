/// A directory in the home that an app uses. If the directory belongs to another user, the app does not start.
package enum DirectoryInHome: Equatable, Sendable {
    /// The app makes the directory of this name, and writes to it.
    case written(String)
    /// The app reads files in the directory of this name, if it is there.
    case read(String)
}
