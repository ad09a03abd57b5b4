/// Reads settings from what a command line gives and, where that says nothing, from the environment; collects everything that is
/// wrong, so that it is said at once.
package struct Settings {
    package let given: GivenWords
    /// The environment that is asked: crater-run's own, or that of a terminal that hands an app over.
    package let variables: @Sendable (String) -> String?
    private let homes: HomeDirectories
    /// What is wrong, a line each.
    package private(set) var problems: [String] = []
    /// The ones among ``problems`` that are the environment's: a flag was typed for this very command, a variable may have
    /// been set long ago for something else.
    package private(set) var environmentProblems: [String] = []

    /// - Parameter homes: replaces a `~` in values that are paths. No shell does so in `--logdir=~/runs` or in a
    ///   variable of the Pod's.
    package init(
        _ given: GivenWords, variables: @escaping @Sendable (String) -> String?, homes: HomeDirectories = .unknown
    ) {
        self.given = given
        self.variables = variables
        self.homes = homes
    }

    /// The value of a setting, or nil if it is not given or not usable.
    package mutating func read<Value>(_ setting: Setting<Value>) -> Value? {
        if let text = given[setting] { return parse(text, as: setting, isGiven: true) }
        return variable(setting).flatMap { parse($0, as: setting, isGiven: false) }
    }

    /// The same of the command line alone.
    package mutating func readGiven<Value>(_ setting: Setting<Value>) -> Value? {
        given[setting].flatMap { parse($0, as: setting, isGiven: true) }
    }

    /// All values of a setting that may have several: those of the command line, or else the environment's.
    package mutating func readAll(_ setting: Setting<[String]>) -> [String] {
        let texts = given.texts(of: setting.declaration)
        return texts.isEmpty ? variable(setting).flatMap(setting.parse) ?? [] : texts
    }

    /// The text of a setting's variable.
    package func variable<Value>(_ setting: Setting<Value>) -> String? {
        let text = setting.declaration.variable.flatMap(variables)
        return setting.declaration.isPath ? text.map(homes.expand) : text
    }

    private mutating func parse<Value>(_ text: String, as setting: Setting<Value>, isGiven: Bool) -> Value? {
        if let value = setting.parse(setting.declaration.isPath ? homes.expand(text) : text) { return value }
        let declaration = setting.declaration
        let shown = declaration.isSecret ? "(hidden)" : text
        let source =
            isGiven ? "\(declaration.option ?? "") \(shown)" : "\(declaration.variable ?? "")=\(shown)"
        let problem = "cannot use \(source): it must be \(declaration.expected)"
        problems.append(problem)
        if !isGiven { environmentProblems.append(problem) }
        return nil
    }

    /// Notes something that is wrong.
    package mutating func note(_ problem: String) { problems.append(problem) }
}
