/// The outcome of the search for an app's program.
package enum ProgramFacts: Equatable, Sendable {
    /// - Parameters:
    ///   - words: the command that starts the app.
    ///   - version: nil if it is not known without starting the program.
    ///   - notes: what the user should know about a start.
    ///   - lack: what makes a start useless.
    ///   - file: the interpreter that is executed, if that is not the first word.
    case found(words: [String], version: String?, notes: [String], lack: AppLack? = nil, file: String? = nil)
    case failed(LaunchFailure)
}
