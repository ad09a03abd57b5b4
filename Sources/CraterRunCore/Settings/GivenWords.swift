/// What the words of a command line give, once they have been told apart. Options keep their text: whether that is a value, the
/// ``Setting`` knows.
package struct GivenWords: Equatable, Sendable {
    private struct Option: Equatable {
        let name: String
        let text: String
    }

    /// In the order in which the command declares them; of one that is given several times, in that of the command line.
    private var options: [Option] = []
    /// The words that belong to no option.
    package var operands: [String] = []
    /// What follows `--`.
    package var passedOn: [String] = []

    package init() {}

    /// Notes what is given for an option; nil, nothing is.
    package mutating func add<Value>(_ setting: Setting<Value>, _ text: String?) {
        if let text, let name = setting.declaration.option { options.append(Option(name: name, text: text)) }
    }

    package mutating func add(_ setting: Setting<[String]>, _ texts: [String]) {
        for text in texts { add(setting, text) }
    }

    package mutating func add(_ setting: Setting<Bool>, _ isGiven: Bool) {
        if isGiven { add(setting, "true") }
    }

    /// Notes whether a flag is given whose variable can say more.
    package mutating func add<Value>(flag setting: Setting<Value>, _ isGiven: Bool) {
        if isGiven { add(setting, "true") }
    }

    package mutating func add(_ others: GivenWords) {
        options += others.options
        operands += others.operands
        passedOn += others.passedOn
    }

    mutating func add(_ name: String, _ text: String) { options.append(Option(name: name, text: text)) }

    /// The text that is given for an option.
    package subscript<Value>(setting: Setting<Value>) -> String? { texts(of: setting.declaration).last }

    /// All texts that are given for an option.
    package func texts(of setting: SettingDeclaration) -> [String] {
        guard !options.isEmpty, let name = setting.option else { return [] }
        return options.compactMap { $0.name == name ? $0.text : nil }
    }

    package func has(_ setting: SettingDeclaration) -> Bool { !texts(of: setting).isEmpty }
}
