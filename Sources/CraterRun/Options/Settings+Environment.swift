import CraterRunCore
import CraterRunLinux

extension Settings {
    /// With crater-run's own environment.
    init(_ given: GivenWords = GivenWords()) {
        self.init(
            given, variables: { environmentVariable($0) },
            homes: HomeDirectories(variables: { environmentVariable($0) }))
    }

    /// - Parameter forgivesEnvironment: whether wrong environment variables are accepted here. The caller then reports
    ///   ``environmentProblems``.
    /// - Throws: ``CommandFailure`` with all problems, one message for each.
    func check(forgivesEnvironment: Bool = false) throws(CommandFailure) {
        guard problems.isEmpty || forgivesEnvironment && problems == environmentProblems else {
            throw CommandFailure(problems, code: CommandFailure.Code.usage)
        }
    }
}
