/// What a supervisor serves, and how.
package struct SupervisorOptions: Sendable {
    /// The apps that the user named. Each looks for its rule, or has a fixed one.
    package var apps: [AppDefinition] = []
    /// The apps that the user named in lines that cannot be used.
    package var unusable: [UnusableApp] = []
    /// The apps that rules may open (`--auto`): every rule with one of such an app's names opens one instance of the
    /// app.
    package var automatic: [AppDefinition] = []
    /// The home page; nil if none may be opened.
    package var home: HomeOptions?
    /// How the only app is served in the foreground; nil for the entry point of a container (`crater-run up`).
    package var foreground: Foreground?
    /// The host of the access URLs.
    package var publicHost: PublicHost?
    /// When the job was started; nil without a job.
    package var jobStartedAt: MonotonicInstant?
    /// The job's command as it is typed, shortened; empty if it is not known.
    package var jobCommand = ""
    /// How the job ended; nil while it runs.
    package var jobEnd: JobEnd?
    /// How long after the job's start the first automatic app may take a port. The job may want the port itself.
    package var autoDelay = Duration.seconds(20)
    /// Whether an earlier supervisor may have left processes behind.
    package var followsAnother = false
    /// The ports at which listening sockets of an earlier supervisor's front door are still open.
    package var openPorts: Set<UInt16> = []
    /// The names of the apps that are left out: earlier supervisors hung while they were starting these apps, more than
    /// once in a row.
    package var leftOut: Set<String> = []
    /// The signal that stops the apps, besides SIGTERM and the signals of a terminal.
    package var stopSignal = Signal.terminate
    /// An instant and its date, for the dates on the front door's pages.
    package var clock = DatedInstant(MonotonicInstant(nanoseconds: 0), at: WallTime(milliseconds: 0))
    /// Whether crater-run is PID 1. If PID 1 stopped itself, no process could continue it.
    package var isProcessOne = false

    package init() {}

    /// Options for one app in the foreground. When the app ends, crater-run ends.
    package init(foreground: Foreground, app: AppDefinition) {
        self.foreground = foreground
        apps = [app]
    }

    /// The options that only the foreground has, where crater-run serves one app.
    package struct Foreground: Equatable, Sendable {
        /// How long to wait for the app's rule; nil to wait for ever.
        package var wait: Duration?
        /// Whether crater-run ends at once for a problem that waiting is not likely to mend (no annotations file, a bad
        /// rule, two candidates). That is so if it was started by hand, unless the user asked to wait.
        package var failsAtOnce: Bool

        package init(wait: Duration?, failsAtOnce: Bool) {
            self.wait = wait
            self.failsAtOnce = failsAtOnce
        }
    }
}
