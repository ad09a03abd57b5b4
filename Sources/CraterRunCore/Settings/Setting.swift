/// What a user sets by an option of the command line, by an environment variable, or by either. It is declared in this value
/// alone: the option's help, the reading of both, a shell's completion and the README's table follow from it.
package struct Setting<Value>: Sendable {
    package let declaration: SettingDeclaration
    /// Nil for text that is no value.
    package let parse: @Sendable (String) -> Value?

    /// - Parameters:
    ///   - option: nil where only a variable says it.
    ///   - variable: nil where only an option says it.
    ///   - placeholder: stands for the value in the help.
    ///   - summary: what it is for; nil where the help is not to show the option.
    ///   - fallback: what holds where nobody says, as the end of "Default: …"; nil where the summary tells.
    ///   - expected: what a value must be, as the end of "it must be …".
    ///   - parse: nil for text that is no value.
    package init(
        _ option: String?,
        _ variable: String?,
        _ placeholder: String?,
        _ summary: String?,
        fallback: String? = nil,
        suggestions: SettingDeclaration.Suggestions = .unspecified,
        expected: String,
        _ parse: @escaping @Sendable (String) -> Value?
    ) {
        declaration = SettingDeclaration(
            option: option, variable: variable, form: .value, placeholder: placeholder, summary: summary,
            fallback: fallback, suggestions: suggestions, expected: expected)
        self.parse = parse
    }
}

extension Setting where Value == Bool {
    /// A flag.
    package init(flag: String, _ variable: String?, _ summary: String?) {
        declaration = SettingDeclaration(
            option: flag, variable: variable, form: .flag, placeholder: nil, summary: summary,
            expected: "true or false")
        parse = { text in
            switch text {
            case "true", "1", "yes": true
            case "false", "0", "no": false
            default: nil
            }
        }
    }
}

extension Setting {
    /// A flag whose variable can say more than the flag. The flag's text is `true`.
    ///
    /// - Parameter note: what the variable can say, for the help.
    package init(
        flag: String, _ variable: String, _ note: String, _ summary: String, expected: String,
        _ parse: @escaping @Sendable (String) -> Value?
    ) {
        declaration = SettingDeclaration(
            option: flag, variable: variable, form: .flag, placeholder: nil, summary: summary, variableNote: note,
            suggestions: .file, expected: expected)
        self.parse = parse
    }

    /// A secret that only a variable says: everybody can read a command line.
    package init(
        secret variable: String, _ summary: String, expected: String, _ parse: @escaping @Sendable (String) -> Value?
    ) {
        declaration = SettingDeclaration(
            option: nil, variable: variable, form: .value, placeholder: nil, summary: summary, expected: expected,
            isSecret: true)
        self.parse = parse
    }
}

extension Setting where Value == Bool {
    /// A flag whose variable is `on` or `off`.
    package init(switch option: String, _ variable: String, _ summary: String) {
        declaration = SettingDeclaration(
            option: option, variable: variable, form: .flag, placeholder: nil, summary: summary,
            variableNote: ": on or off", expected: "on or off")
        parse = { text in
            switch text {
            case "on", "true", "1", "yes": true
            case "off", "false", "0", "no": false
            default: nil
            }
        }
    }
}

extension Setting where Value == [String] {
    /// An option that may be given several times; its variable has a value a line. Blank lines and lines that begin with
    /// `#` are left out.
    package init(
        lines option: String, _ variable: String, _ placeholder: String, _ summary: String,
        suggestions: SettingDeclaration.Suggestions
    ) {
        declaration = SettingDeclaration(
            option: option, variable: variable, form: .values, placeholder: placeholder, summary: summary,
            variableNote: ", one a line", suggestions: suggestions, expected: "lines")
        parse = { text in
            text.split(whereSeparator: \.isNewline).map(String.init).filter { line in
                line.first { !$0.isWhitespace }.map { $0 != "#" } ?? false
            }
        }
    }
}

extension Setting where Value: CaseIterable & RawRepresentable<String> & SendableMetatype {
    /// One of a few words.
    package init(
        choice option: String, _ variable: String, _ placeholder: String, _ summary: String, fallback: String,
        expected: String
    ) {
        self.init(
            option, variable, placeholder, summary, fallback: fallback,
            suggestions: .choices(Value.allCases.map(\.rawValue)), expected: expected, { Value(rawValue: $0) })
    }
}

extension Setting where Value == String {
    /// Text that may be anything but empty.
    package init(
        text option: String?, _ variable: String?, _ placeholder: String?, _ summary: String?, fallback: String? = nil,
        suggestions: SettingDeclaration.Suggestions = .unspecified, expected: String
    ) {
        self.init(
            option, variable, placeholder, summary, fallback: fallback, suggestions: suggestions, expected: expected,
            { $0.isEmpty ? nil : $0 })
    }
}

extension Setting where Value == Duration {
    /// A time, with what is special about it.
    package init(
        time option: String, _ variable: String, _ summary: String, fallback: String, expected: String = "",
        _ parse: @escaping @Sendable (String) -> Duration? = DurationText.parse
    ) {
        self.init(
            option, variable, "time", summary, fallback: fallback,
            expected: "a duration such as 500ms, 30s, 5m or 2h\(expected)", parse)
    }
}
