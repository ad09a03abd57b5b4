/// The times and counts of readiness checks and stops. They are the same for every app.
package enum AppTiming {
    /// The time between two checks of an app that is starting and does not listen yet. It is the most that the checks
    /// can add to such a start.
    package static let startingInterval = Duration.milliseconds(100)
    /// The time between two checks of an app whose start is slow, and of an app that has failed its last check.
    package static let slowInterval = Duration.seconds(1)
    /// After this time, a start counts as slow. With a cold image a minute and more is normal, so it is only worth one
    /// line.
    package static let slowStart = Duration.seconds(60)
    /// After this time of readiness, the restarts before it no longer count.
    package static let stableAfter = Duration.seconds(60)
    /// How long an app may take to answer a check.
    package static let checkTimeout = Duration.seconds(3)
    /// The time from the beginning of the first to the end of the second of two checks without an answer, with a
    /// reserve for a busy machine.
    package static let longestVerdict = checkTimeout + slowInterval + checkTimeout + .milliseconds(500)
    /// The number of failed checks in a row that make a ready app unready.
    package static let failuresToUnready = 2
    /// The time between two counts of the processes that are left of an app that is stopping.
    package static let surveyInterval = Duration.milliseconds(50)
    /// The number of answers in a row by which a starting app must say that a part of it is dead: 2 s of them.
    package static let fatalAnswersWhileStarting = 20
    /// How long processes may outlive SIGKILL (in uninterruptible sleep) before they are given up.
    package static let giveUpAfterKill = Duration.seconds(5)
    /// How long the apps of an earlier supervisor, which was killed, may take to stop before they get SIGKILL.
    package static let predecessorTimeout = Duration.seconds(5)
    /// The longest delay before the next attempt to launch an app that cannot be started through no fault of its own,
    /// such as while another process holds its port. It is short, so that the app soon follows when the cause is gone.
    package static let longestPortWait = Duration.seconds(5)
}
