import ArgumentParser
import CraterRunCore

/// How the output of apps is passed on, and crater-run's own lines are written.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Put the app's name before each line of its output: always or never. Default: always. [CRATER_RUN_LOG_PREFIX]",
            valueName: "always|never"
        ),
        completion: .list(["always", "never"])
    )
    var logPrefix: String?

    @Option(
        help: ArgumentHelp(
            "crater-run's own lines: debug, info, warning or error, and what is worse. Default: info. "
                + "[CRATER_RUN_LOG_LEVEL]",
            valueName: "level"
        ),
        completion: Completions.values(of: LogLevel.self)
    )
    var logLevel: String?

    @Option(
        help: ArgumentHelp(
            "crater-run's own lines as text, or as one JSON object each: text or json. Default: text. "
                + "[CRATER_RUN_LOG_FORMAT]",
            valueName: "format"
        ),
        completion: Completions.values(of: LogFormat.self)
    )
    var logFormat: String?

    /// Nil where nobody says.
    func prefixesOutput(settings: inout Settings) -> Bool? {
        settings.read(
            "--log-prefix",
            logPrefix,
            variable: "CRATER_RUN_LOG_PREFIX",
            expected: "always or never"
        ) { ["always": true, "never": false][$0] }
    }

    func style(settings: inout Settings) -> LogStyle {
        let level = settings.read(
            "--log-level",
            logLevel,
            variable: "CRATER_RUN_LOG_LEVEL",
            expected: "debug, info, warning or error",
            LogLevel.init(rawValue:)
        )
        let format = settings.read(
            "--log-format",
            logFormat,
            variable: "CRATER_RUN_LOG_FORMAT",
            expected: "text or json",
            LogFormat.init(rawValue:)
        )
        return LogStyle(level: level ?? .info, format: format ?? .text)
    }
}
