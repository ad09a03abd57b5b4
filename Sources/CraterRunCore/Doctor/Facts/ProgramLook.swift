/// An app's program.
package enum ProgramLook: Equatable, Sendable {
    /// - Parameters:
    ///   - words: how it is started.
    ///   - version: nil where it cannot be told without starting it.
    ///   - notes: what the user should know about a start.
    ///   - lack: what makes a start of no use.
    ///   - file: what is executed, if that is not the first of the words: an interpreter.
    case found(words: [String], version: String?, notes: [String], lack: AppLack? = nil, file: String? = nil)
    case failed(LaunchFailure)
}
