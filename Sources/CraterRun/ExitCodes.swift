/// What crater-run's own exit codes mean, for `--help`; docs/exit-codes.md has the whole of it.
enum ExitCodes {
    static let table = """
        EXIT CODES
          0…255   the job's own, unchanged; without a job the app's own, when it ends by itself
          64      wrong usage
          78      configuration: no annotations file, no rule, a bad rule (not under up)
          126     the program of the job or of the app cannot be executed
          127     the program of the job or of the app is not there
          128+n   signal n ended the job or the app, or asked for a stop that a signal ended
          137     also: the job ran on to the end of --grace-period
        """
}
