/// Where an app is served from, which decides what its settings are where nobody says.
enum ServeMode {
    /// A user waits at a terminal, and can try again.
    case byHand
    /// Nobody is there to try again, so waiting and restarting have no end.
    case processOne
    /// Beside other apps, under `up`: as PID 1.
    case up

    var isByHand: Bool { self == .byHand }
}
