/// Where an app is served from. This decides the defaults of its settings.
enum ServeMode {
    /// A user waits at a terminal, and can try again.
    case byHand
    /// The command is PID 1. Nobody can try again, so waiting and restarting have no end.
    case processOne
    /// Under `up`, beside other apps. The defaults are those of PID 1.
    case up

    var isByHand: Bool { self == .byHand }
}
