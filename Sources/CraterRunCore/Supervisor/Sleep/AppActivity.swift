/// What an app does although nobody uses it, as far as the app can be asked.
package enum AppActivity: Equatable, Sendable {
    /// The app is at work: a Jupyter kernel is busy, or a program runs in a terminal.
    case busy
    /// The app is not at work. `quiet`: for how long it has not been; nil if that is not known.
    case idle(quiet: Duration?)
    /// It could not be found out. The reason is the end of a sentence.
    case unknown(String)
}
