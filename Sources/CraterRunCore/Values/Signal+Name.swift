extension Signal {
    /// Reads a signal as kill(1) takes it: `TERM`, `SIGTERM`, `15`; nil for anything else, and for the two that cannot be
    /// caught.
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
