extension Signal {
    /// Reads a signal as kill(1) does: `TERM`, `SIGTERM` or `15`; nil for anything else, and for SIGKILL and SIGSTOP,
    /// which no process can catch.
    package init?(name: String) {
        let wanted = name.uppercased()
        guard
            let found = (1...64).map({ Signal(number: Int32($0)) }).first(where: {
                [$0.description, String($0.description.dropFirst(3)), String($0.number)].contains(wanted)
            }), found != .kill, found != .stop
        else { return nil }
        self = found
    }
}
