/// What crater-run's own exit codes mean, for `--help`; docs/exit-codes.md has the whole of it.
enum ExitCodes {
    static let table = """
        EXIT CODES
          the app's own code when it ends by itself, 128+n when signal n ends it or a stop that was asked for does
          64    wrong usage
          78    configuration: no annotations file, no rule, a bad rule
          126   the app's program cannot be executed
          127   the app's program is not there
        """
}
