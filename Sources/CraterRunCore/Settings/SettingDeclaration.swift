/// What is known of a setting without the type of its value: its names, and what people are told of it.
///
/// A class, although it is a value: what a job waits for passes dozens of declarations on and looks at their names alone.
package final class SettingDeclaration: Sendable {
    /// How the option stands on a command line.
    package enum Form: Equatable, Sendable {
        /// Followed by a value, once.
        case value
        /// Followed by a value, as often as there are values.
        case values
        /// Alone.
        case flag
    }

    /// What a shell offers for the value.
    package enum Suggestions: Equatable, Sendable {
        case unspecified
        case file
        case directory
        case choices([String])
        /// The names of the pod's ingress rules.
        case rules
        /// What an app line begins with.
        case apps
        /// Signals that one would end a program with.
        case signals
    }

    /// The option's word, such as `--linger`; nil where only a variable says it.
    package let option: String?
    /// Nil where only an option says it.
    package let variable: String?
    package let form: Form
    /// What stands for the value in the help; nil for a flag.
    package let placeholder: String?
    /// What it is for; nil where the help does not show the option.
    package let summary: String?
    /// What holds where nobody says, as the end of "Default: …"; nil where the summary tells.
    package let fallback: String?
    /// How the variable differs from the option, for the help.
    package let variableNote: String
    package let suggestions: Suggestions
    /// What a value must be, as the end of "it must be …".
    package let expected: String
    /// Whether no message may show a value.
    package let isSecret: Bool

    init(
        option: String?, variable: String?, form: Form, placeholder: String?, summary: String?, fallback: String? = nil,
        variableNote: String = "", suggestions: Suggestions = .unspecified, expected: String, isSecret: Bool = false
    ) {
        self.option = option
        self.variable = variable
        self.form = form
        self.placeholder = placeholder
        self.summary = summary
        self.fallback = fallback
        self.variableNote = variableNote
        self.suggestions = suggestions
        self.expected = expected
        self.isSecret = isSecret
    }

    /// Whether the value is the path of a file or directory. In such a value, a `~` stands for a home directory.
    package var isPath: Bool { suggestions == .file || suggestions == .directory }

    /// The option's help.
    package var help: String {
        var help = summary ?? ""
        if let fallback { help += " Default: \(fallback)." }
        if let variable { help += " [\(variable)\(variableNote)]" }
        return help
    }
}
