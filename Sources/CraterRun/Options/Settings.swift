import CraterRunLinux

/// Reads settings from flags and, where a flag is not given, from the environment; collects everything that is wrong, so
/// that it is said at once.
struct Settings {
    /// The environment that is asked: crater-run's own, or that of a terminal that hands an app over.
    let variables: @Sendable (String) -> String?
    /// What is wrong, a line each.
    private(set) var problems: [String] = []
    /// The ones among ``problems`` that are the environment's: a flag was typed for this very command, a variable may have
    /// been set long ago for something else.
    private(set) var environmentProblems: [String] = []

    init(variables: @escaping @Sendable (String) -> String? = { environmentVariable($0) }) {
        self.variables = variables
    }

    /// The value of a setting, or nil if it is not given or not usable.
    ///
    /// - Parameters:
    ///   - expected: what the value must be, for the message.
    ///   - parse: nil for text that is none.
    mutating func read<Value>(
        _ flag: String,
        _ given: String?,
        variable: String?,
        expected: String,
        _ parse: (String) -> Value?
    ) -> Value? {
        let source: String
        let text: String
        if let given {
            (source, text) = ("\(flag) \(given)", given)
        } else if let variable, let value = variables(variable) {
            (source, text) = ("\(variable)=\(value)", value)
        } else {
            return nil
        }
        guard let value = parse(text) else {
            let problem = "cannot use \(source): it must be \(expected)"
            problems.append(problem)
            if given == nil { environmentProblems.append(problem) }
            return nil
        }
        return value
    }

    /// The value of a flag without a value: true if it is given, else what the variable says, else false.
    mutating func read(_ flag: String, _ given: Bool, variable: String) -> Bool {
        read(flag, given ? "true" : nil, variable: variable, expected: "true or false") {
            ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false][$0]
        } ?? false
    }

    /// Notes something that is wrong.
    mutating func note(_ problem: String) {
        problems.append(problem)
    }

    /// - Parameter forgivesEnvironment: whether what is wrong with variables is left for ``environmentProblems`` to tell.
    /// - Throws: ``CommandFailure`` with all problems, a line each.
    func check(forgivesEnvironment: Bool = false) throws(CommandFailure) {
        guard problems.isEmpty || forgivesEnvironment && problems == environmentProblems else {
            throw CommandFailure(problems, code: CommandFailure.Code.usage)
        }
    }
}
