/// The message that an app listens at other ports than its own, or instead of its socket. A supervisor reports the
/// message, and the doctor recognizes it.
enum ElsewhereMessage {
    private static func start(isOver: Bool) -> String { "it listen\(isOver ? "ed" : "s") at port " }

    private static func middle(_ own: DoorBackend) -> String {
        switch own {
        case .port(let port): ", and not at port \(port), to which the ingress forwards: "
        case .socket: ", and not at its socket, to which the front door forwards: "
        }
    }

    /// - Parameters:
    ///   - ports: where the app listens.
    ///   - own: where the app should listen.
    ///   - isOver: whether the app has ended.
    static func text(_ ports: [UInt16], insteadOf own: DoorBackend, code: AppCode, isOver: Bool = false) -> String {
        let others = ports.map { String($0) }.joined(separator: ", ")
        let remedy =
            switch (code, own) {
            case (.program, .socket): "leave the port out of its flags and its configuration"
            case (_, .socket): "the program must listen at the socket that its command names"
            case (.program, .port):
                "leave the port out of its flags and its configuration, since crater-run sets the port"
            case (.userScript, .port):
                "leave the port out of the script and of its flags, since crater-run sets the port"
            case (.userCommandWithPort, .port): "the program must listen at the port that its command names"
            case (.userCommand, .port):
                "write {port} for the port in its command, or let it read the port from CRATER_PORT"
            }
        return "\(start(isOver: isOver))\(others)\(middle(own))\(remedy)"
    }

    /// Whether a reason for an app's state is, or begins with, this message. The message that an app listens at its own
    /// port on the loopback address alone is another one.
    static func begins(_ reason: String, insteadOf port: UInt16) -> Bool {
        [true, false].contains { reason.hasPrefix(start(isOver: $0)) } && reason.contains(middle(.port(port)))
    }
}
