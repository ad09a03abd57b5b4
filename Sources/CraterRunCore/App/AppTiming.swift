/// The times that are the same for every app (design of the readiness check and of stopping).
package enum AppTiming {
    /// Between two checks of an app that is starting: the most that waiting for readiness can add to its start.
    package static let startingInterval = Duration.milliseconds(100)
    /// Between two checks once a start has taken a minute, and of an app that is not ready.
    package static let slowInterval = Duration.seconds(1)
    /// When a start counts as slow: a minute and more is normal for a cold image, and worth one line.
    package static let slowStart = Duration.seconds(60)
    /// Readiness for this long forgives all restarts before it.
    package static let stableAfter = Duration.seconds(60)
    /// How long an app may take to answer a check.
    package static let checkTimeout = Duration.seconds(3)
    /// From the first of two checks in a row that nobody answers to the end of the second, and a little for a busy machine.
    package static let longestVerdict = checkTimeout + slowInterval + checkTimeout + .milliseconds(500)
    /// Failed checks in a row that turn ready into unready.
    package static let failuresToUnready = 2
    /// Between two looks at what is left of an app that is stopping.
    package static let surveyInterval = Duration.milliseconds(50)
    /// Answers in a row, while it is starting, that say that a part of it is dead: 2 s of them.
    package static let fatalAnswersWhileStarting = 20
    /// How long processes may outlive SIGKILL (uninterruptible sleep) before they are given up.
    package static let giveUpAfterKill = Duration.seconds(5)
    /// How long the apps of a supervisor that was killed have to stop.
    package static let predecessorTimeout = Duration.seconds(5)
    /// The longest wait for a port that somebody else holds: nobody's fault, so it is looked at often.
    package static let longestPortWait = Duration.seconds(5)
}
