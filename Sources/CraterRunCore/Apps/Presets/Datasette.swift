/// Datasette, as measured with 0.64.8 and 0.65.5.
package struct Datasette: SimpleApp, Equatable {
    package static let identity = AppIdentity(name: "datasette", ruleNames: ["datasette"], defaultPort: 8001)
    package static let title = "Datasette"
    package static let targetUsage = "[<file> ...]"
    package static let targetHelp =
        "The SQLite files to show, or a directory of SQLite files, then words that are passed on to Datasette unchanged; "
        + "put flags after --. Default: the working directory."
    package static let examples = [
        "crater-run datasette runs.db", "crater-run datasette runs.db -- --setting default_page_size 50",
    ]

    package static let subcommands: Set<String> = ["serve"]
    package static let ruleFlags = RuleFlags(
        port: ["--port", "-p"], address: ["--host", "-h"], unreachable: ["--uds", "--ssl-keyfile", "--ssl-certfile"])

    private let words: PassedWords

    package init(_ words: PassedWords) { self.words = words }

    package var executables: [String] { ["datasette"] }
    package var module: String? { "datasette" }
    package var isViewer: Bool { true }
    package var dataDirectory: String? { words.targets.first }
    package var dataKind: String { "file" }
    package var readiness: ReadinessPolicy {
        ReadinessPolicy(path: "/-/versions.json", alsoAccepts: [401, 403], interval: .seconds(10))
    }
    package var withoutLogin: String? { "has no login: whoever knows the path sees what is in the files" }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        let flags = try Datasette.ruleFlags.rest(of: words.flags, for: backend)
        try words.flags.refuseSecrets(["--secret"], remedy: "DATASETTE_SECRET")
        return ["serve", "--host", backend.host, "--port", String(backend.port), "--setting", "base_url"]
            + [backend.prefix.withTrailingSlash] + (words.targets.isEmpty ? ["."] : words.targets)
            + (try withoutPrefix(flags, for: backend)) + words.others
    }

    /// The names of the setting, and of the flags that set it. Datasette 1.0 has the longer name, and `-s`.
    private static let prefixSettings = ["base_url", "settings.base_url"]

    /// The user's flags without `--setting base_url PREFIX`.
    private func withoutPrefix(_ flags: UserFlags, for backend: Backend) throws(Refusal) -> [String] {
        var kept: [String] = []
        var rest = flags.words[...]
        while let word = rest.popFirst() {
            let names = Datasette.prefixSettings
            let isJoined = names.contains { ["--setting=\($0)", "-s\($0)"].contains(word) }
            let next = rest.first.flatMap { names.contains($0) ? $0 : nil }
            guard isJoined || ["--setting", "-s"].contains(word) && next != nil else {
                kept.append(word)
                continue
            }
            if !isJoined { rest = rest.dropFirst() }
            let value = rest.popFirst()
            guard let value, backend.prefix.isMeant(by: value) else {
                throw Refusal(
                    [word] + [isJoined ? nil : next, value].compactMap { $0 },
                    "the prefix of the rule \(backend.ruleName) is \(backend.prefix.withTrailingSlash)",
                    "--prefix before the --")
            }
        }
        return kept
    }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        guard !backend.prefix.isRoot else { return LaunchNeeds() }
        guard let directory = host.privateDirectory else {
            return LaunchNeeds(notes: [
                "crater-run has no directory to write to, so datasette's links that sort or filter have the prefix twice"
            ])
        }
        var needs = LaunchNeeds()
        needs.addPythonFiles(Datasette.plugin, in: directory, on: host)
        return needs
    }

    /// A plugin for Datasette that removes the prefix from a request's path. Datasette expects a proxy that does so: in
    /// its links, it puts the prefix before the requested path. The ingress does not remove the prefix, so without the
    /// plugin these links would have it twice.
    ///
    /// The plugin also keeps Datasette's cookies below the prefix. Datasette sets them for the whole host and signs them
    /// with a secret of its process, so two Datasettes on one host would refuse each other's forms.
    ///
    /// Datasette finds the plugin through PYTHONPATH, like an installed package: `--plugins-dir` is left to the user's
    /// own plugins.
    private static let plugin = [
        (
            name: "crater_run_prefix.py",
            text: """
            import re

            from datasette import hookimpl


            @hookimpl
            def asgi_wrapper(datasette):
                base = datasette.setting("base_url").rstrip("/").encode()

                def below_prefix(header):
                    name, value = header
                    # A semicolon would end the cookie's path.
                    if name.lower() != b"set-cookie" or b";" in base:
                        return header
                    path = b"; Path=" + base + b"/"
                    return name, re.sub(rb"(?i);\\s*path=/(?=\\s*(;|$))", lambda match: path, value)

                def wrap(app):
                    async def without_prefix(scope, receive, send):
                        async def send_below_prefix(message):
                            if message["type"] == "http.response.start":
                                headers = [below_prefix(header) for header in message.get("headers", [])]
                                message = dict(message, headers=headers)
                            await send(message)

                        raw = scope.get("raw_path") or scope.get("path", "").encode()
                        if scope["type"] == "http" and raw.startswith(base + b"/"):
                            raw = raw[len(base):]
                            scope = dict(scope, raw_path=raw, path=raw.decode("latin-1"))
                        await app(scope, receive, send_below_prefix)

                    return without_prefix

                return wrap

            """
        ),
        (
            name: "crater_run_prefix-1.dist-info/METADATA",
            text: "Metadata-Version: 2.1\nName: crater-run-prefix\nVersion: 1\n"
        ),
        (
            name: "crater_run_prefix-1.dist-info/entry_points.txt",
            text: "[datasette]\ncrater_run_prefix = crater_run_prefix\n"
        ),
    ]
}
