import CraterRunLinux

/// Reads settings from flags and, where a flag is not given, from the environment; collects everything that is wrong, so
/// that it is said at once.
struct Settings {
    private(set) var problems: [String] = []

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
        } else if let variable, let value = environmentVariable(variable) {
            (source, text) = ("\(variable)=\(value)", value)
        } else {
            return nil
        }
        guard let value = parse(text) else {
            problems.append("cannot use \(source): it must be \(expected)")
            return nil
        }
        return value
    }

    /// Whether GPUs stay visible to a viewer.
    mutating func keepsGPU(_ flag: Bool) -> Bool {
        read(
            "--keep-gpu",
            flag ? "true" : nil,
            variable: "CRATER_RUN_KEEP_GPU",
            expected: "true or false"
        ) { ["true": true, "1": true, "yes": true, "false": false, "0": false, "no": false][$0] } ?? false
    }

    /// Notes something that is wrong.
    mutating func note(_ problem: String) {
        problems.append(problem)
    }

    /// - Throws: ``CommandFailure`` with all problems, a line each.
    func check() throws(CommandFailure) {
        guard problems.isEmpty else {
            throw CommandFailure(problems.joined(separator: "\ncrater-run: "), code: CommandFailure.Code.usage)
        }
    }
}
