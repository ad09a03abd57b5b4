/// What crater-run's own exit codes mean, for `--help`; docs/exit-codes.md has the whole of it.
enum ExitCodes {
    static let table = """
        EXIT CODES
          0…255   the app's own, when it ends by itself
          64      wrong usage
          78      configuration: no annotations file, no rule, a bad rule
          126     the app's program cannot be executed
          127     the app's program is not there
          128+n   signal n ended the app, or asked for a stop that a signal ended
        """
}
