import ArgumentParser
import CraterRunCore

/// How crater-run's own lines are written.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "crater-run's own lines: debug, info, warning or error, and what is worse. Default: info. "
                + "[CRATER_RUN_LOG_LEVEL]",
            valueName: "level"
        )
    )
    var logLevel: String?

    @Option(
        help: ArgumentHelp(
            "crater-run's own lines as text, or as one JSON object each: text or json. Default: text. "
                + "[CRATER_RUN_LOG_FORMAT]",
            valueName: "format"
        )
    )
    var logFormat: String?

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
