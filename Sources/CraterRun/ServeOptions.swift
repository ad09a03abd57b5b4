import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// What all app commands have in common.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Serve by the rule of this name, whatever the app.", valueName: "name"))
    var rule: String?

    @Option(
        help: ArgumentHelp(
            "Serve under this prefix instead of by any rule; with --port, or at the usual one.", valueName: "path"))
    var prefix: String?

    @Option(
        help: ArgumentHelp(
            "Serve at this port instead of by any rule; with --prefix, or at the root.", valueName: "number"))
    var port: String?

    @Option(
        help: ArgumentHelp(
            "How long to wait for the rule: a duration such as 30s or 5m, 0, or forever. Default: 2m by hand, forever as "
                + "PID 1. [CRATER_RUN_WAIT]",
            valueName: "time"
        )
    )
    var wait: String?

    @Option(
        help: ArgumentHelp(
            "When the rule's prefix or port changes: relaunch the app, or keep it as it is. Default: relaunch. "
                + "[CRATER_RUN_ON_RULE_CHANGE]",
            valueName: "relaunch|keep"
        )
    )
    var onRuleChange: String?

    @Option(
        help: ArgumentHelp(
            "When the app ends by itself: start it again always, on-failure or never. Default: on-failure by hand, always as "
                + "PID 1. [CRATER_RUN_RESTART]",
            valueName: "policy"
        )
    )
    var restart: String?

    @Option(
        help: ArgumentHelp(
            "Restarts in a row, without a minute of readiness in between, before it has failed: a number or unlimited. "
                + "Default: 5 by hand, unlimited as PID 1. [CRATER_RUN_MAX_RESTARTS]",
            valueName: "number"
        )
    )
    var maxRestarts: String?

    @Option(
        help: ArgumentHelp(
            "From the stop signal to SIGKILL. Default: 10s, and 5s when crater-run itself is to end. "
                + "[CRATER_RUN_STOP_TIMEOUT]",
            valueName: "time"
        )
    )
    var stopTimeout: String?

    @Option(
        help: ArgumentHelp(
            "Between two checks of an app that is ready. Default: 10s, and 30s for Visdom, which logs each one. "
                + "[CRATER_RUN_CHECK_INTERVAL]",
            valueName: "time"
        )
    )
    var checkInterval: String?

    @Option(
        help: ArgumentHelp(
            "Put the app's name before each line of its output: always or never. Default: always. [CRATER_RUN_LOG_PREFIX]",
            valueName: "always|never"
        )
    )
    var logPrefix: String?

    @Option(
        help: ArgumentHelp(
            "crater-run's own lines: debug, info, warning or error, and what is worse. Default: info. "
                + "[CRATER_RUN_LOG_LEVEL]",
            valueName: "level"
        )
    )
    var logLevel: String?

    @Flag(help: "Print what would be started, and start nothing.")
    var dryRun = false
}

/// How an app is served: the options once they have been read.
struct Serving {
    var foreground: ForegroundOptions
    var policy: AppPolicy
    var logLevel: LogLevel
    var tagsOutput: Bool

    /// - Parameter isProcessOne: as PID 1 nobody is there to try again, so waiting and restarting have no end.
    init(
        _ options: ServeOptions,
        app: any WebApp,
        publicHost: PublicHost?,
        settings: inout Settings,
        isProcessOne: Bool = ThisProcess.isProcessOne
    ) {
        let time = "a duration such as 500ms, 30s, 5m or 2h"
        let wait: Wait? = settings.read(
            "--wait",
            options.wait,
            variable: "CRATER_RUN_WAIT",
            expected: "\(time), 0, or forever",
            Wait.init
        )
        let restart = settings.read(
            "--restart",
            options.restart,
            variable: "CRATER_RUN_RESTART",
            expected: "always, on-failure or never",
            RestartPolicy.init(rawValue:)
        )
        let most: RestartLimit? = settings.read(
            "--max-restarts",
            options.maxRestarts,
            variable: "CRATER_RUN_MAX_RESTARTS",
            expected: "a whole number from 0 on, or unlimited",
            RestartLimit.init
        )
        let stopTimeout = settings.read(
            "--stop-timeout",
            options.stopTimeout,
            variable: "CRATER_RUN_STOP_TIMEOUT",
            expected: time,
            DurationText.parse
        )
        let interval = settings.read(
            "--check-interval",
            options.checkInterval,
            variable: "CRATER_RUN_CHECK_INTERVAL",
            expected: "\(time), from 100ms on"
        ) { DurationText.parse($0).flatMap { $0 >= .milliseconds(100) ? $0 : nil } }
        let onRuleChange = settings.read(
            "--on-rule-change",
            options.onRuleChange,
            variable: "CRATER_RUN_ON_RULE_CHANGE",
            expected: "relaunch or keep",
            RuleChangePolicy.init(rawValue:)
        )
        logLevel =
            settings.read(
                "--log-level",
                options.logLevel,
                variable: "CRATER_RUN_LOG_LEVEL",
                expected: "debug, info, warning or error",
                LogLevel.init(rawValue:)
            ) ?? .info
        tagsOutput =
            settings.read(
                "--log-prefix",
                options.logPrefix,
                variable: "CRATER_RUN_LOG_PREFIX",
                expected: "always or never"
            ) { ["always": true, "never": false][$0] } ?? true

        let limit: Duration? = (wait ?? (isProcessOne ? .forever : .limited(.seconds(120)))).limit
        foreground = ForegroundOptions(
            app: app.identity,
            wait: limit,
            failsAtOnce: limit == .zero || (wait == nil && !isProcessOne),
            isProcessOne: isProcessOne
        )
        foreground.ruleName = settings.read("--rule", options.rule, variable: nil, expected: "a rule's name") {
            $0.isEmpty ? nil : $0
        }
        foreground.publicHost = publicHost
        policy = AppPolicy(
            name: app.identity.name,
            readiness: interval.map { app.readiness.every($0) } ?? app.readiness,
            stopSignal: app.stopSignal,
            restart: restart ?? (isProcessOne ? .always : .onFailure),
            maxRestarts: most.map(\.limit) ?? (isProcessOne ? nil : 5),
            stopTimeout: stopTimeout ?? .seconds(10),
            shutdownTimeout: stopTimeout ?? .seconds(5),
            onRuleChange: onRuleChange ?? .relaunch,
            writesRuntimeFiles: app.runtimeDirectory != nil
        )
        foreground.fixedRule = Serving.fixedRule(options, app: app, publicHost: publicHost, settings: &settings)
    }

    /// The rule that `--prefix` and `--port` make, whichever is given.
    private static func fixedRule(
        _ options: ServeOptions,
        app: any WebApp,
        publicHost: PublicHost?,
        settings: inout Settings
    ) -> IngressRule? {
        guard options.prefix != nil || options.port != nil else { return nil }
        if options.rule != nil { settings.note("cannot use --rule with --prefix or --port: they stand for a rule") }
        let port = settings.read("--port", options.port, variable: nil, expected: "a number from 1 to 65535") { text in
            UInt16(text).flatMap { $0 > 0 ? $0 : nil }
        }
        var prefix: PathPrefix?
        do throws(PathPrefix.ValidationError) {
            prefix = try PathPrefix(options.prefix ?? "/")
        } catch {
            settings.note("cannot use --prefix \(options.prefix ?? ""): \(error.reason)")
        }
        guard let prefix else { return nil }
        guard let number = port ?? app.identity.defaultPort else {
            if options.port == nil {
                settings.note("cannot use --prefix alone: \(app.identity.name) has no usual port, so --port is needed")
            }
            return nil
        }
        return IngressRule(
            name: app.identity.name,
            port: number,
            prefix: prefix,
            publicHost: publicHost?.description
        )
    }
}

/// The value of `--wait`.
private enum Wait {
    case forever
    case limited(Duration)

    init?(_ text: String) {
        if text == "forever" {
            self = .forever
        } else if let duration = DurationText.parse(text) {
            self = .limited(duration)
        } else {
            return nil
        }
    }

    var limit: Duration? {
        if case .limited(let duration) = self { duration } else { nil }
    }
}

/// The value of `--max-restarts`.
private struct RestartLimit {
    let limit: Int?

    init?(_ text: String) {
        if text == "unlimited" {
            limit = nil
        } else if let number = Int(text), number >= 0 {
            limit = number
        } else {
            return nil
        }
    }
}
