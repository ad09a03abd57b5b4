import CraterRunCore
import CraterRunLinux

extension Settings {
    /// With crater-run's own environment.
    init(_ given: GivenWords = GivenWords()) {
        self.init(
            given, variables: { environmentVariable($0) },
            homes: HomeDirectories(variables: { environmentVariable($0) }))
    }

    /// - Parameter forgivesEnvironment: whether what is wrong with variables is left for ``environmentProblems`` to tell.
    /// - Throws: ``CommandFailure`` with all problems, a line each.
    func check(forgivesEnvironment: Bool = false) throws(CommandFailure) {
        guard problems.isEmpty || forgivesEnvironment && problems == environmentProblems else {
            throw CommandFailure(problems, code: CommandFailure.Code.usage)
        }
    }
}
