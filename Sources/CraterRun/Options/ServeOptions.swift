import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// What all app commands have in common.
struct ServeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Serve by the rule of this name, whatever the app.", valueName: "name"),
        completion: Completions.rules
    )
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
        ),
        completion: Completions.values(of: RuleChangePolicy.self)
    )
    var onRuleChange: String?

    @Option(
        help: ArgumentHelp(
            "When the app ends by itself: start it again always, on-failure or never. Default: on-failure by hand, always "
                + "under up and as PID 1. [CRATER_RUN_RESTART]",
            valueName: "policy"
        ),
        completion: Completions.values(of: RestartPolicy.self)
    )
    var restart: String?

    @Option(
        help: ArgumentHelp(
            "Restarts in a row, without a minute of readiness in between, before it has failed: a number or unlimited. "
                + "Default: 5 by hand, unlimited under up and as PID 1. [CRATER_RUN_MAX_RESTARTS]",
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
            "How long an app that answers no more may pass for ready: it is checked as often as that takes. Default: 10s, and 30s "
                + "for Visdom, which logs each check. [CRATER_RUN_CHECK_INTERVAL]",
            valueName: "time"
        )
    )
    var checkInterval: String?

    @Option(
        help: ArgumentHelp(
            "Start an app again that was ready and has not been for this long. Default: off, it is left to recover. "
                + "[CRATER_RUN_RESTART_UNRESPONSIVE]",
            valueName: "time|off"
        )
    )
    var restartUnresponsive: String?

    @OptionGroup
    var health: HealthOptions

    @OptionGroup
    var log: LogOptions

    @Flag(
        help: """
            Hand the app to the crater-run up that runs in this container, so that it outlives this terminal, and end.
            """
    )
    var detach = false

    @Flag(
        help:
            "Where another crater-run in this container serves the app already, have it stop the app, and serve it here."
    )
    var replace = false

    @Flag(help: "Print what would be started, and start nothing.")
    var dryRun = false
}

/// Where an app is served from, which decides what its settings are where nobody says.
enum ServeMode {
    /// A user waits at a terminal, and can try again.
    case byHand
    /// Nobody is there to try again, so waiting and restarting have no end.
    case processOne
    /// Beside other apps, under `up`: as PID 1.
    case up

    fileprivate var isByHand: Bool { self == .byHand }
}

/// The options, once they have been read.
extension ServeOptions {
    private static let time = "a duration such as 500ms, 30s, 5m or 2h"

    /// How the app is served, but for its executable.
    func definition(
        of app: any WebApp,
        in mode: ServeMode,
        publicHost: PublicHost?,
        settings: inout Settings
    ) -> AppDefinition {
        var definition = AppDefinition(
            app: app,
            policy: policy(of: app, in: mode, settings: &settings),
            prefixesOutput: log.prefixesOutput(settings: &settings) ?? true
        )
        definition.ruleName = settings.read("--rule", rule, variable: nil, expected: "a rule's name") {
            $0.isEmpty ? nil : $0
        }
        definition.fixedRule = fixedRule(for: app, publicHost: publicHost, settings: &settings)
        return definition
    }

    private func policy(of app: any WebApp, in mode: ServeMode, settings: inout Settings) -> AppPolicy {
        let restart = settings.read(
            "--restart",
            restart,
            variable: "CRATER_RUN_RESTART",
            expected: "always, on-failure or never",
            RestartPolicy.init(rawValue:)
        )
        let most: RestartLimit? = settings.read(
            "--max-restarts",
            maxRestarts,
            variable: "CRATER_RUN_MAX_RESTARTS",
            expected: "a whole number from 0 on, or unlimited",
            RestartLimit.init
        )
        let stopTimeout = settings.read(
            "--stop-timeout",
            stopTimeout,
            variable: "CRATER_RUN_STOP_TIMEOUT",
            expected: ServeOptions.time,
            DurationText.parse
        )
        let interval = settings.read(
            "--check-interval",
            checkInterval,
            variable: "CRATER_RUN_CHECK_INTERVAL",
            expected: "\(ServeOptions.time), from 100ms on"
        ) { DurationText.parse($0).flatMap { $0 >= .milliseconds(100) ? $0 : nil } }
        let onRuleChange = settings.read(
            "--on-rule-change",
            onRuleChange,
            variable: "CRATER_RUN_ON_RULE_CHANGE",
            expected: "relaunch or keep",
            RuleChangePolicy.init(rawValue:)
        )
        let unresponsive = settings.read(
            "--restart-unresponsive",
            restartUnresponsive,
            variable: "CRATER_RUN_RESTART_UNRESPONSIVE",
            expected: "\(ServeOptions.time), or off"
        ) { text in text == "off" ? .some(nil) : DurationText.parse(text).flatMap { $0 > .zero ? .some($0) : nil } }
        return AppPolicy(
            name: app.identity.name,
            readiness: interval.map { app.readiness.every($0) } ?? app.readiness,
            stopSignal: app.stopSignal,
            restart: restart ?? (mode.isByHand ? .onFailure : .always),
            maxRestarts: most.map(\.limit) ?? (mode.isByHand ? 5 : nil),
            stopTimeout: stopTimeout ?? .seconds(10),
            shutdownTimeout: stopTimeout ?? .seconds(5),
            onRuleChange: onRuleChange ?? .relaunch,
            restartUnresponsive: unresponsive ?? nil,
            writesRuntimeFiles: app.runtimeDirectory != nil,
            remindsOfStop: app.missesStopSignals
        )
    }

    /// How the app is served in the foreground.
    func foreground(of definition: AppDefinition, in mode: ServeMode, settings: inout Settings) -> SupervisorOptions {
        let wait: Wait? = settings.read(
            "--wait",
            wait,
            variable: "CRATER_RUN_WAIT",
            expected: "\(ServeOptions.time), 0, or forever",
            Wait.init
        )
        let limit: Duration? = (wait ?? (mode.isByHand ? .limited(.seconds(120)) : .forever)).limit
        let foreground = SupervisorOptions.Foreground(
            wait: limit, failsAtOnce: limit == .zero || (wait == nil && mode.isByHand))
        var options = SupervisorOptions(foreground: foreground, app: definition)
        options.isProcessOne = mode == .processOne
        return options
    }

    /// The rule that `--prefix` and `--port` make, whichever is given.
    private func fixedRule(for app: any WebApp, publicHost: PublicHost?, settings: inout Settings) -> IngressRule? {
        guard prefix != nil || port != nil else { return nil }
        if rule != nil { settings.note("cannot use --rule with --prefix or --port: they stand for a rule") }
        let port = settings.read("--port", port, variable: nil, expected: "a number from 1 to 65535") { text in
            UInt16(text).flatMap { $0 > 0 ? $0 : nil }
        }
        guard let number = port ?? app.identity.defaultPort else {
            if self.port == nil {
                settings.note("cannot use --prefix alone: \(app.identity.name) has no usual port, so --port is needed")
            }
            return nil
        }
        do throws(PathPrefix.ValidationError) {
            return IngressRule(
                name: app.identity.name,
                port: number,
                prefix: try PathPrefix(prefix ?? "/"),
                publicHost: publicHost?.description
            )
        } catch {
            settings.note("cannot use --prefix \(prefix ?? ""): \(error.reason)")
            return nil
        }
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
