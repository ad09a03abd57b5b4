/// The hosts, with their ports, that mean the app of a route: `localhost:41217`, `crater.example.org`. The request's Host
/// and X-Forwarded-Host are such as well, and need not be among them.
package struct AppAddresses: Equatable, Sendable {
    /// In lower case.
    let hosts: [[UInt8]]

    /// - Parameters:
    ///   - backendPort: the app's port at the loopback addresses; nil where the app has a unix socket.
    ///   - publicHost: the host of the ingress, if it is known.
    package init(backendPort: UInt16?, publicHost: String?) {
        var hosts = publicHost.map { [Array($0.lowercased().utf8)] } ?? []
        if let backendPort {
            hosts += ["127.0.0.1", "localhost", "[::1]", "0.0.0.0"].map { Array("\($0):\(backendPort)".utf8) }
        }
        self.hosts = hosts
    }
}
