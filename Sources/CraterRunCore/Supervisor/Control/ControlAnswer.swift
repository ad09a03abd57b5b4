/// What becomes of a command.
package enum ControlAnswer: Equatable, Sendable {
    /// The command is being followed; `message` says what happens, beginning with the app's name.
    case accepted(app: String, message: String)
    /// There is no app of that name; there are these.
    case unknown(names: [String])
    case refused(reason: String)
}
