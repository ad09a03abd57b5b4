import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// A crater-run that answers only at its TCP port, since it has found no directory for its control socket. Only the
/// states of its apps are known.
struct PortSupervisor {
    let port: UInt16
    /// The states of its apps, by name.
    let states: [String: String]
    /// The user that it runs as, if that is neither our own user nor root: then the answer may be false.
    let stranger: UInt32?

    /// Asks at the port for probes: the one that the environment names, or the default.
    ///
    /// - Returns: nil if no crater-run answers there.
    static func find(within limit: Duration = .seconds(1)) -> PortSupervisor? {
        var settings = Settings()
        guard let port = (settings.read(.healthPort) ?? .usual).number,
            let answer = try? ControlClient(at: .loopback(port: port), of: .everybody).get(
                "/readyz?verbose", within: limit),
            // Any other program may listen there.
            answer.instance != nil
        else { return nil }
        return PortSupervisor(
            port: port, states: ReadinessPage.states(answer.body),
            stranger: answer.user.flatMap { ServingUsers.ownAndRoot.include($0) ? nil : $0 })
    }
}
