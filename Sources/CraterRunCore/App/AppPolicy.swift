/// Everything about an app that its state machine needs to know. Fixed for the life of the machine.
package struct AppPolicy: Equatable, Sendable {
    /// The app's name in messages.
    package var name: String
    package let readiness: ReadinessPolicy
    /// The signal that asks the app to stop: SIGTERM for most apps, SIGINT for Visdom.
    package let stopSignal: Signal
    package var restart: RestartPolicy
    /// The most restarts in a row, without a minute of readiness in between; nil for no limit.
    package var maxRestarts: Int?
    /// The time from the stop signal to SIGKILL when only this app is stopped.
    package var stopTimeout: Duration
    /// The time from the stop signal to SIGKILL when everything is shut down.
    package var shutdownTimeout: Duration
    package var onRuleChange: RuleChangePolicy
    /// How long the app may be unready before it is restarted; nil: an unready app is never restarted.
    package var restartUnresponsive: Duration?
    /// Whether the app writes files about its settings and what is open in it, as Jupyter does. crater-run reads these
    /// files and logs what the user should know.
    package var writesRuntimeFiles: Bool
    /// The page that a person opens below the prefix; empty for the prefix itself.
    package var page: String
    /// For an app without a login: the rest of a sentence that begins with the app's name. It is logged once. Nil if
    /// the app asks for a login.
    package var withoutLogin: String?
    package var code: AppCode
    /// Whether the app may miss its stop signal. If so, it gets the signal again after half of the timeout.
    package var remindsOfStop: Bool
    /// How the app is served through the front door; nil if the ingress reaches the app directly.
    package var door: DoorUse?
    /// How long nobody has used the app before it is put to sleep; nil for an app that never sleeps. Only an app behind
    /// the front door sleeps.
    package var sleepAfter: Duration?
    /// What the open page of the app sends by itself.
    package var polls = PollTable.none
    /// Whether the app may be at work although nobody uses it. Such an app is asked before it is put to sleep.
    package var canBeBusy = false

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
        withoutLogin: String? = nil,
        code: AppCode = .program,
        door: DoorUse? = nil
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
        self.code = code
        self.door = door
    }
}

extension AppPolicy {
    /// Whether an app that was started by one rule has to be started anew for another.
    func needsRelaunch(from old: IngressRule, to new: IngressRule) -> Bool {
        switch door {
        case nil: old.address != new.address
        // The door listens at the rule's port, and the app at a port of its own.
        case .some(let door): (!door.strips || door.writesPrefix) && old.prefix != new.prefix
        }
    }
}
