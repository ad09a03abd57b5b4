extension Jupyter {
    /// The longest token that is shown, in bytes. The log line with the token must be written in one piece (PIPE_BUF,
    /// 4096 bytes).
    private static let longestToken = 1024

    package func readBack(_ files: [RuntimeFile], for place: ServingPlace, announced: String?) -> ReadBack {
        let servers = files.sorted { $0.name < $1.name }.compactMap(JupyterServerFile.init)
        // A server that a user starts in a Jupyter terminal writes its file to this directory too. So the server at
        // the app's own place comes first.
        guard let server = servers.first(where: { $0.listener == place.backend.listener }) ?? servers.first else {
            return ReadBack()
        }
        if let entry = contradiction(of: server, to: place.backend) { return ReadBack(entries: [entry]) }
        let access = access(to: server, at: place)
        // The same token is announced only once: the platform keeps the first token that it finds in the log.
        return access.announced == announced ? ReadBack(link: access.link) : access
    }

    private func contradiction(of server: JupyterServerFile, to backend: Backend) -> LogEntry? {
        let settings = "of its configuration (~/.jupyter; jupyter --paths lists all places)"
        if server.isSecure {
            return LogEntry(
                .error,
                "jupyter: it speaks HTTPS, but the ingress speaks plain HTTP: "
                    + "take certfile and keyfile out \(settings)")
        }
        guard server.listener != backend.listener || (try? PathPrefix(server.prefix)) != backend.prefix else {
            return nil
        }
        let path = PrintableText.escape(server.prefix.utf8, limit: 200)
        let place =
            switch server.listener {
            case .port(let port): "port \(port)"
            case .socket(let path): "socket \(PrintableText.escape(path.utf8, limit: 200))"
            }
        return LogEntry(
            .error,
            "jupyter: it serves at \(place), path \(path) instead of \(backend.address): take port and base_url out "
                + settings
        )
    }

    /// How a user logs in. The result's `announced` is only compared with a later result's, never shown.
    private func access(to server: JupyterServerFile, at place: ServingPlace) -> ReadBack {
        guard !server.token.isEmpty else {
            let url = "\(AccessURL(of: place.outside))\(place.fragment)"
            let openness =
                place.key == nil ? ": whoever knows the path can run code here" : ", the front door asks for its key"
            let entry =
                server.hasPassword
                ? LogEntry(.info, "jupyter: open \(url) and log in with its password", isEssential: true)
                : LogEntry(
                    place.key == nil ? .warning : .info, "jupyter: open \(url); it asks for no token\(openness)",
                    isEssential: true)
            return ReadBack(
                entries: [entry], announced: (server.hasPassword ? "password" : "nothing") + place.fragment)
        }
        return access(byToken: server.token, at: place)
    }

    /// How a user logs in with the token that the server uses.
    ///
    /// - Parameter place: if the front door has a login, the link opens both with one click.
    func access(byToken secret: String, at place: ServingPlace) -> ReadBack {
        let url = AccessURL(of: place.outside)
        let announced = "token \(secret)\(place.fragment)"
        if secret.first?.isWhitespace ?? false || secret.last?.isWhitespace ?? false {
            // Jupyter trims the token that a user gives, and compares it with its own token untrimmed.
            let why = "its token begins or ends with white space, so nobody can log in with it"
            let entry = LogEntry(
                .error, "jupyter: \(why): write it without a newline, such as by printf %s TOKEN >FILE")
            return ReadBack(entries: [entry], announced: announced)
        }
        guard secret.utf8.count <= Jupyter.longestToken else {
            let entry = LogEntry(
                .warning, "jupyter: open \(url)\(place.fragment) and type its token: it is too long to be shown")
            return ReadBack(entries: [entry], announced: announced)
        }
        let token = PercentEncoding.encode(secret)
        let link = "\(url)?token=\(token)"
        var entries = [LogEntry(.info, "jupyter: open \(link)\(place.fragment)", isEssential: true)]
        if !secret.utf8.allSatisfy(Byte.isLetterOrDigit) {
            let why = "the platform's page reads only letters and digits, so it cannot log in"
            entries.append(
                LogEntry(.warning, "jupyter: its token has other characters than letters and digits: \(why)"))
        }
        return ReadBack(entries: entries, announced: announced, link: link)
    }
}
