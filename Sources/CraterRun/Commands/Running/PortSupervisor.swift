import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// A crater-run that answers at its TCP port alone, as one that has found no directory for its control socket. It tells how its
/// apps stand, and no more.
struct PortSupervisor {
    let port: UInt16
    /// The states of its apps, by name.
    let states: [String: String]
    /// Who runs it, if that is neither our own user nor root, so that it may be false.
    let stranger: UInt32?

    /// Asks at the port that probes are answered at, as the environment has it.
    ///
    /// - Returns: nil where nobody answers there, or no crater-run.
    static func find(within limit: Duration = .seconds(1)) -> PortSupervisor? {
        var settings = Settings()
        guard let port = (settings.read(.healthPort) ?? .usual).number,
            let answer = try? ControlClient(at: .loopback(port: port), of: .everybody).get("/readyz?verbose", within: limit),
            // Anybody may listen there.
            answer.instance != nil
        else { return nil }
        return PortSupervisor(
            port: port, states: ReadinessPage.states(answer.body),
            stranger: answer.user.flatMap { ServingUsers.ownAndRoot.include($0) ? nil : $0 })
    }
}
