/// What a supervisor serves, and how.
package struct SupervisorOptions: Sendable {
    /// The apps that were named, each of which looks for its rule or has a fixed one.
    package var apps: [AppDefinition] = []
    /// The apps that were named by lines that cannot be used.
    package var unusable: [UnusableApp] = []
    /// The apps that rules may open (`--auto`): every rule whose name is one of theirs, one instance a rule.
    package var automatic: [AppDefinition] = []
    /// How its only app is served in the foreground; nil for the entry point of a container (`up`).
    package var foreground: Foreground?
    /// The host of the access URLs.
    package var publicHost: PublicHost?
    /// When the job was started; nil without a job.
    package var jobStartedAt: MonotonicInstant?
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

    /// One app in the foreground: its end is crater-run's end.
    package init(foreground: Foreground, app: AppDefinition) {
        self.foreground = foreground
        apps = [app]
    }

    /// What is different where one app is all that crater-run is there for.
    package struct Foreground: Equatable, Sendable {
        /// How long to wait for the app's rule; nil: for ever.
        package var wait: Duration?
        /// Whether a problem that waiting is not likely to mend (no annotations file, a bad rule, two candidates) ends it at
        /// once: so by hand, unless the user asked to wait.
        package var failsAtOnce: Bool

        package init(wait: Duration?, failsAtOnce: Bool) {
            self.wait = wait
            self.failsAtOnce = failsAtOnce
        }
    }
}
