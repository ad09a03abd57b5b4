/// How the output of apps is passed on, and crater-run's own lines are written.
extension Setting where Value == Bool {
    package static var logPrefix: Setting {
        Setting(
            "--log-prefix", "CRATER_RUN_LOG_PREFIX", "always|never",
            "Put the app's name before each line of its output: always or never.", fallback: "always",
            suggestions: .choices(["always", "never"]), expected: "always or never",
            { text in
                switch text {
                case "always": true
                case "never": false
                default: nil
                }
            })
    }
}

extension Setting where Value == LogLevel {
    package static var logLevel: Setting {
        Setting(
            choice: "--log-level", "CRATER_RUN_LOG_LEVEL", "level",
            "crater-run's own lines: debug, info, warning or error, and what is worse.", fallback: "info",
            expected: "debug, info, warning or error")
    }
}

extension Setting where Value == LogFormat {
    package static var logFormat: Setting {
        Setting(
            choice: "--log-format", "CRATER_RUN_LOG_FORMAT", "format",
            "crater-run's own lines as text, or as one JSON object each: text or json.", fallback: "text",
            expected: "text or json")
    }
}

extension SettingDeclaration {
    package static var log: [SettingDeclaration] {
        [Setting.logPrefix.declaration, Setting.logLevel.declaration, Setting.logFormat.declaration]
    }
}

extension Settings {
    package mutating func logStyle() -> LogStyle {
        LogStyle(level: read(.logLevel) ?? .info, format: read(.logFormat) ?? .text)
    }
}
