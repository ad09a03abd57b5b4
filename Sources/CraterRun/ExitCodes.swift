/// The meaning of crater-run's own exit codes, for `--help`; docs/exit-codes.md is complete. A line has at most 80
/// characters, since a longer one would be wrapped and break the table.
enum ExitCodes {
    static let table = """
        EXIT CODES
          0…255   the job's own, unchanged; without a job the app's own
          1       the host refused what crater-run itself needs
          64      wrong usage
          69      no crater-run serves apps here, or none takes an app over
          78      configuration: no annotations file, no rule, a bad rule; not under up
          126     the program of the job or of the app cannot be executed
          127     the program of the job or of the app is not there
          128+n   signal n ended the job or the app, or was the request to stop
          137     also: the job was still running at the end of --grace-period
        """

    /// The exit codes of the commands that serve an app.
    static let ofApps = """
        EXIT CODES
          0…255   the app's own, if it ends by itself; 1 also if it failed too often
          64      wrong usage, such as a flag after -- that contradicts the rule
          69      --detach, and no crater-run up runs in this container
          78      no annotations file, no rule in time, a bad rule, two candidates
          126     the app's program cannot be executed
          127     the app's program is not there
          128+n   signal n ended the app, or was the request to stop
        """
}
