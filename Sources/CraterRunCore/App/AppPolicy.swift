/// Everything about an app that its state machine needs to know. Fixed for the life of the machine.
package struct AppPolicy: Equatable, Sendable {
    /// The app's name in messages.
    package var name: String
    package let readiness: ReadinessPolicy
    /// What asks the app to stop: SIGTERM for most, SIGINT for Visdom.
    package let stopSignal: Signal
    package var restart: RestartPolicy
    /// How many restarts in a row without a minute of readiness in between; nil for no limit.
    package var maxRestarts: Int?
    /// From the stop signal to SIGKILL, when the app alone is stopped.
    package var stopTimeout: Duration
    /// The same when everything is shut down.
    package var shutdownTimeout: Duration
    package var onRuleChange: RuleChangePolicy
    /// How long it may be unready before it is started again; nil: it never is for that.
    package var restartUnresponsive: Duration?
    /// Whether it writes down what is in force and what is open (Jupyter), which is read back and told.
    package var writesRuntimeFiles: Bool
    /// The page that a person opens below the prefix; empty for the prefix itself.
    package var page: String
    /// What to say once of an app that lets everybody in, after its name; nil if it asks for a login.
    package var withoutLogin: String?
    /// Whether it may miss the stop signal, so that it gets it again in the middle of the timeout.
    package var remindsOfStop: Bool

    package init(
        name: String,
        readiness: ReadinessPolicy,
        stopSignal: Signal,
        restart: RestartPolicy,
        maxRestarts: Int?,
        stopTimeout: Duration = .seconds(10),
        shutdownTimeout: Duration = .seconds(5),
        onRuleChange: RuleChangePolicy = .relaunch,
        restartUnresponsive: Duration? = nil,
        writesRuntimeFiles: Bool = false,
        remindsOfStop: Bool = false,
        page: String = "",
        withoutLogin: String? = nil
    ) {
        self.name = name
        self.readiness = readiness
        self.stopSignal = stopSignal
        self.restart = restart
        self.maxRestarts = maxRestarts
        self.stopTimeout = stopTimeout
        self.shutdownTimeout = shutdownTimeout
        self.onRuleChange = onRuleChange
        self.restartUnresponsive = restartUnresponsive
        self.writesRuntimeFiles = writesRuntimeFiles
        self.remindsOfStop = remindsOfStop
        self.page = page
        self.withoutLogin = withoutLogin
    }
}
