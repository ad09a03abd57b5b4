/// The times of the front door.
package enum DoorTiming {
    /// The time between two pings.
    package static let ping = Duration.seconds(1)
    /// A door that has not answered a ping for this long hangs.
    package static let hang = Duration.seconds(3)
    /// The same for a door that has not answered yet since its start, with a reserve for a busy machine.
    package static let firstAnswer = Duration.seconds(10)
    /// After this time, earlier ends of doors no longer count.
    package static let stableAfter = Duration.seconds(10)
    /// The delays before another door is started, after that many ends in a row. Longer rows keep to the last delay.
    package static let restartDelays: [Duration] = [
        .zero, .milliseconds(100), .milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(2), .seconds(5),
    ]
}
