/// The answer to a user's command.
package enum ControlAnswer: Equatable, Sendable {
    /// The command is being followed; `message` says what happens, beginning with the app's name.
    case accepted(app: String, message: String)
    /// There is no app with the name in the command. `names`: the names of all apps that exist.
    case unknown(names: [String])
    case refused(reason: String)
}
