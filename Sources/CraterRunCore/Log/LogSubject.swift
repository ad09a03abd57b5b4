/// What a log entry is about. A member that does not apply is nil.
package struct LogSubject: Equatable, Sendable {
    /// The app's name; the message may begin with it and a colon.
    package var app: String?
    package var pid: Int32?
    /// How the process ended.
    package var status: ExitStatus?
    /// How long the process ran, or the event took.
    package var duration: Duration?

    package init(app: String? = nil, pid: Int32? = nil, status: ExitStatus? = nil, duration: Duration? = nil) {
        self.app = app
        self.pid = pid
        self.status = status
        self.duration = duration
    }
}
