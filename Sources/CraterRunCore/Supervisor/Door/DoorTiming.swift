/// The times of the front door. A door that hangs is noticed within `ping` and `patience`, plus what `loopProof` takes
/// beyond that; with the start of another one, that is less than a second.
package enum DoorTiming {
    /// The time between two pings. Another one is sent only after the last one was answered.
    package static let ping = Duration.milliseconds(400)
    /// The process of a door that has not answered a ping for this long is observed.
    package static let observeAfter = Duration.milliseconds(200)
    /// The time between two observations.
    package static let observe = Duration.milliseconds(100)
    /// A door that has not answered a ping for this long hangs if its process does.
    package static let patience = Duration.milliseconds(400)
    /// A process that does nothing for this long, although it was told something, hangs.
    package static let sleepProof = Duration.milliseconds(100)
    /// A process that computes at least half of the time for this long, and says nothing, hangs.
    package static let loopProof = Duration.milliseconds(300)
    /// A door that has not answered a ping for this long hangs, whatever its process does.
    package static let longestSilence = Duration.seconds(3)
    /// The same for a door that has not answered yet since its start, with a reserve for a busy machine.
    package static let firstAnswer = Duration.seconds(10)
    /// A supervisor that comes this much later than it should was held up itself.
    package static let late = Duration.milliseconds(50)
    /// After this time, earlier ends of doors no longer count.
    package static let stableAfter = Duration.seconds(10)
    /// The delays before another door is started, after that many ends in a row. Longer rows keep to the last delay.
    package static let restartDelays: [Duration] = [
        .zero, .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(2), .seconds(5),
    ]
}
