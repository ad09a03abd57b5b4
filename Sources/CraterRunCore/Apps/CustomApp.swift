/// Any other web app: a command with placeholders, served by the rule that the user names.
package struct CustomApp: WebApp, Equatable {
    /// The name of the rule and of the app.
    package let name: String
    /// The words of the command; not empty.
    package let command: [String]
    /// The path below the prefix that answers when the app is ready; begins with a slash, or is empty for the prefix
    /// itself.
    package let readyPath: String
    package let stopSignal: Signal

    /// - Parameter command: its first word is the program, found as a shell finds programs, and has no placeholders.
    package init(name: String, command: [String], readyPath: String = "", stopSignal: Signal = .terminate) {
        self.name = name
        self.command = command
        self.readyPath = readyPath
        self.stopSignal = stopSignal
    }

    package var identity: AppIdentity { AppIdentity(name: name, ruleNames: [name], defaultPort: nil) }
    package var executables: [String] { Array(command.prefix(1)) }
    package var module: String? { nil }
    package var environment: EnvironmentEdits { EnvironmentEdits() }
    package var dataDirectory: String? { nil }
    package var isViewer: Bool { false }
    package var isUsersProgram: Bool { true }
    package var surroundings: Set<Surrounding> { [.home] }
    /// Dash and other frameworks read `HOST`.
    package var addressVariables: [String] { ["HOST"] }
    /// These variables belong to apps that people run as custom apps. Removing them from the environment of another app
    /// does no harm.
    package var serviceLinks: [String] { ["JUPYTER_PORT", "MLFLOW_PORT", "STREAMLIT_SERVER_PORT"] }

    /// Whether the command has the port of its rule, by a placeholder or by the variable.
    var namesPort: Bool { command.contains { $0.contains("{port}") || $0.contains("CRATER_PORT") } }
    /// Whether the command has the path of a UNIX socket at which the app listens, in the same ways.
    private var namesSocket: Bool { command.contains { $0.contains("{socket}") || $0.contains("CRATER_SOCKET") } }
    /// Whether the command says where the app listens.
    var namesPlace: Bool { namesPort || namesSocket }
    package var needsDoor: Bool { namesSocket }
    package func backendWish(on host: HostFacts) -> BackendWish {
        namesSocket ? .socket(isNeeded: true) : .anyPort
    }
    /// A program that is told its port may have other ports for its own use, such as TensorBoard as a custom app.
    package var earlyPorts: EarlyPorts { namesPlace ? .loopback : .none }

    package var programSearch: ProgramSearch {
        var search = ProgramSearch()
        search.looksBeyondPath = false
        search.remedy = "install it, or give its path"
        return search
    }

    package var readiness: ReadinessPolicy {
        // An app that asks for a login is ready. Any other status below 500 usually means that the app is not served
        // below the prefix, and the user must know that.
        ReadinessPolicy(
            path: readyPath,
            alsoAccepts: [401, 403],
            hints: [
                404: "it may not know the prefix ({prefix} in its command), or answer at another path (--ready-path)"
            ],
            interval: .seconds(10)
        )
    }

    package func arguments(for backend: Backend, on host: HostFacts) throws(Refusal) -> [String] {
        if namesSocket, namesPort {
            throw Refusal(
                "the command of \(name) names both a port and a socket, and the app is served at one: leave one out")
        }
        return command.dropFirst().map { CustomApp.filled($0, for: backend) }
    }

    package func needs(for backend: Backend, on host: HostFacts) -> LaunchNeeds {
        let variables = ["CRATER_PORT", "CRATER_SOCKET"]
        var environment = EnvironmentEdits([
            variables[backend.socket == nil ? 0 : 1]: backend.socket ?? String(backend.port),
            "CRATER_PREFIX": CustomApp.filled("{prefix}", for: backend),
        ])
        // A terminal in Jupyter has another app's.
        let other = variables[backend.socket == nil ? 1 : 0]
        if host.variables[other] != nil { environment.remove(other) }
        return LaunchNeeds(environment: environment)
    }

    /// The word with its placeholders replaced. Other braces stay as they are.
    static func filled(_ word: String, for backend: Backend) -> String {
        let values = [
            backend.socket.map { ("{socket}", $0) } ?? ("{port}", String(backend.port)),
            // The value is empty at the root, so that a path can follow the placeholder.
            ("{prefix}", backend.prefix.isRoot ? "" : backend.prefix.withoutTrailingSlash),
            ("{prefix/}", backend.prefix.withTrailingSlash),
            ("{prefix:decoded}", backend.prefix.isRoot ? "" : backend.prefix.decoded),
            ("{name}", backend.ruleName),
        ]
        var rest = word[...]
        var result = ""
        // In one pass: inserted values are not searched for placeholders.
        while let first = rest.first {
            if let (placeholder, value) = values.first(where: { rest.hasPrefix($0.0) }) {
                result += value
                rest = rest.dropFirst(placeholder.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
