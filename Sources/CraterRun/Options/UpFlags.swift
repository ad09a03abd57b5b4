import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// The options of `up`, which its supervisor is started with too.
struct UpFlags: ParsableArguments {
    @Option(
        name: .customLong("app"),
        help: ArgumentHelp(
            "Serve this app: the line is what one would type after crater-run, such as 'tensorboard --logdir ./logs'. "
                + "May be given several times. [CRATER_RUN_APPS, one a line]",
            valueName: "line"
        ),
        completion: Completions.apps
    )
    var apps: [String] = []

    @Flag(
        help: """
            Serve every ingress rule whose name is an app's, as rules come and go. The default where no app is named. \
            [CRATER_RUN_AUTO]
            """
    )
    var auto = false

    @Option(
        help: ArgumentHelp(
            "Beside a job, how long after its start --auto may take a port that nobody listens at. Default: 20s. "
                + "[CRATER_RUN_AUTO_DELAY]",
            valueName: "time"
        )
    )
    var autoDelay: String?

    @Option(
        help: ArgumentHelp(
            "The signal that begins the shutdown, instead of SIGTERM: a name such as INT, or a number. "
                + "[CRATER_RUN_STOP_SIGNAL]",
            valueName: "signal"
        ),
        completion: Completions.signals
    )
    var stopSignal: String?

    @Flag(help: "Pass signals on to the job's process group, not to its first process alone. [CRATER_RUN_SIGNAL_GROUP]")
    var signalGroup = false

    @Option(
        help: ArgumentHelp(
            "From the beginning of the shutdown to SIGKILL for everything. Default: none, the kubelet's is the only "
                + "deadline. [CRATER_RUN_GRACE_PERIOD]",
            valueName: "time"
        )
    )
    var gracePeriod: String?

    @Option(
        help: ArgumentHelp(
            "How long the apps go on after the job has ended, so that its results can be looked at. Default: 0. "
                + "[CRATER_RUN_LINGER]",
            valueName: "time"
        )
    )
    var linger: String?

    @OptionGroup
    var health: HealthOptions

    @OptionGroup
    var log: LogOptions

    @OptionGroup(title: "Annotations")
    var source: AnnotationsOptions
}

/// The options of `up`, once they have been read.
struct UpSettings {
    let initOptions: InitOptions
    let autoDelay: Duration
    let isAutomatic: Bool
    let publicHost: PublicHost?
    let health: HealthSettings
    let logStyle: LogStyle
    /// Whether names stand before the lines of apps; nil where nobody says.
    let prefixesOutput: Bool?

    init(_ flags: UpFlags, settings: inout Settings) {
        let time = "a duration such as 500ms, 30s, 5m or 2h"
        var options = InitOptions(isProcessOne: ThisProcess.isProcessOne)
        options.signalGroup = settings.read("--signal-group", flags.signalGroup, variable: "CRATER_RUN_SIGNAL_GROUP")
        options.stopSignal =
            settings.read(
                "--stop-signal",
                flags.stopSignal,
                variable: "CRATER_RUN_STOP_SIGNAL",
                expected: "a signal that can be caught, such as INT, SIGTERM or 15",
                { Signal(name: $0).flatMap { $0.isForwarded ? $0 : nil } }
            ) ?? .terminate
        options.gracePeriod = settings.read(
            "--grace-period",
            flags.gracePeriod,
            variable: "CRATER_RUN_GRACE_PERIOD",
            expected: time,
            DurationText.parse
        )
        options.linger =
            settings.read(
                "--linger",
                flags.linger,
                variable: "CRATER_RUN_LINGER",
                expected: "\(time), or 0",
                DurationText.parse
            ) ?? .zero
        initOptions = options
        autoDelay =
            settings.read(
                "--auto-delay",
                flags.autoDelay,
                variable: "CRATER_RUN_AUTO_DELAY",
                expected: "\(time), or 0",
                DurationText.parse
            ) ?? .seconds(20)
        isAutomatic = settings.read("--auto", flags.auto, variable: "CRATER_RUN_AUTO")
        health = HealthSettings(flags.health, in: .up, settings: &settings)
        logStyle = flags.log.style(settings: &settings)
        prefixesOutput = flags.log.prefixesOutput(settings: &settings)
        publicHost = flags.source.publicHost(settings: &settings)
    }
}
