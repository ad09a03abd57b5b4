/// Where Jupyter listens.
extension Jupyter {
    /// The first versions whose page, kernels and terminals were seen to work at a UNIX socket.
    private static let socketSince = (server: [2], classic: [6, 5])

    package func backendWish(on host: HostFacts) -> BackendWish {
        let wish = JupyterFlags.backendWish(with: flags)
        guard case .socket = wish else { return wish }
        let isNewEnough =
            switch isServer(on: host) {
            case true?: host.package?.has("jupyter_server", atLeast: Jupyter.socketSince.server)
            case false?: host.package?.has("notebook", atLeast: Jupyter.socketSince.classic)
            case nil: false
            }
        return isNewEnough ?? false ? wish : .anyPort
    }

    /// The settings that say where Jupyter listens.
    func placeSettings(for backend: Backend) -> [(String, String)] {
        guard let socket = backend.socket else {
            return [
                ("port", String(backend.port)), ("ip", backend.isBehindDoor ? backend.host : "*"),
                ("port_retries", "0"),
            ]
        }
        // Beside a socket, Jupyter ends if a configuration file or JUPYTER_PORT names any other port than its default.
        return [("sock", socket), ("sock_mode", "0600"), ("port", "8888")]
    }
}
