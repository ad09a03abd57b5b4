/// The command line that starts the supervisor.
package struct SupervisorCommand: Sendable {
    package let program: String
    /// The words of the command, the first one included.
    package let arguments: [String]
    /// Further words, which follow ``arguments`` from the second start on.
    package let restartArguments: [String]
    /// The option that tells a supervisor how many supervisors in a row have hung before it; nil for no such option.
    package let hangsOption: String?

    /// - Parameter program: the path of the program; nil for our own program.
    package init(
        program: String? = nil,
        arguments: [String],
        restartArguments: [String] = [],
        hangsOption: String? = nil
    ) {
        self.program = program ?? ThisProcess.executable
        self.arguments = arguments
        self.restartArguments = restartArguments
        self.hangsOption = hangsOption
    }

    func arguments(attempt: Int, afterHangs hangs: Int) -> [String] {
        guard attempt > 1 else { return arguments }
        let hung = hangsOption.flatMap { hangs > 0 ? [$0, "\(hangs)"] : nil }
        return arguments + restartArguments + (hung ?? [])
    }
}
