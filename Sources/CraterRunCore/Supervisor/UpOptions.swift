/// How `crater-run up` serves apps.
package struct UpOptions: Sendable {
    /// The apps that were named (`--app`), each of which looks for its rule.
    package var apps: [AppDefinition] = []
    /// The apps that were named by lines that cannot be used.
    package var unusable: [UnusableApp] = []
    /// The apps that rules may open (`--auto`): every rule whose name is one of theirs, one instance a rule.
    package var automatic: [AppDefinition] = []
    /// The host of the access URLs.
    package var publicHost: PublicHost?
    /// When the job was started; nil without a job.
    package var jobStartedAt: Instant?
    /// How long after the job's start the first automatic app may take a port: the job may want it itself.
    package var autoDelay = Duration.seconds(20)
    /// Whether a supervisor before this one may have left processes behind.
    package var followsAnother = false
    /// Apps that supervisors before this one were starting when they hung, more than once in a row: left out, by name.
    package var leftOut: Set<String> = []
    /// The signal that stops the apps, beside SIGTERM and those of a terminal.
    package var stopSignal = Signal.terminate
    /// As PID 1 nobody could continue us if we stopped.
    package var isProcessOne = false

    package init() {}
}
