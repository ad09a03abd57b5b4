/// How the supervisor is started.
package struct SupervisorCommand: Sendable {
    package let program: String
    /// The words of the command, the first one included.
    package let arguments: [String]
    /// These come after them from the second start on.
    package let restartArguments: [String]
    /// The option that tells how many in a row before it have hung; nil if nobody wants to know.
    package let hangsOption: String?

    /// - Parameter program: a path; where it is not given, the file that we are ourselves.
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
