/// The file that a Jupyter server writes about itself once the server listens: `jpserver-<pid>.json`, or
/// `nbserver-<pid>.json` for the classic Notebook.
struct JupyterServerFile: Equatable, Sendable {
    static let prefixes = ["jpserver-", "nbserver-"]

    /// Where the server listens.
    let listener: DoorBackend
    let prefix: String
    /// Empty if the server has no token.
    let token: String
    let hasPassword: Bool
    let isSecure: Bool

    /// Nil if the file does not describe a server, or is not complete yet.
    init?(_ file: RuntimeFile) {
        guard file.name.hasSuffix(".json"), JupyterServerFile.prefixes.contains(where: file.name.hasPrefix) else {
            return nil
        }
        let object = JSONObject(file.content)
        guard let object, let port = object.number("port").flatMap({ UInt16(exactly: $0) }),
            let prefix = object.text("base_url")
        else { return nil }
        // At a socket, the port is 0; at a port, `sock` is empty or missing.
        let socket = object.text("sock").flatMap { $0.isEmpty ? nil : $0 }
        listener = socket.map { .socket(path: $0) } ?? .port(port)
        self.prefix = prefix
        token = object.text("token") ?? ""
        hasPassword = object.flag("password") ?? false
        isSecure = object.flag("secure") ?? false
    }
}
