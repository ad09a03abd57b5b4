import Foundation

/// A container of a manifest, and what the kubelet makes of it.
struct ManifestContainer {
    let spec: JSON
    let pod: JSON
    let isInitial: Bool

    /// What our images have as their ENTRYPOINT, by name.
    static let entryPoints = [
        "crater-run": ["/crater-run"],
        "crater-run-tensorboard": ["/entrypoint.sh"],
        "crater-run-jupyter": ["/entrypoint.sh"],
        "crater-run-visdom": ["/entrypoint.sh"],
    ]
    static let registry = "registry.example.org/"

    var name: String { spec["name"].string ?? "" }
    var image: String { spec["image"].string ?? "" }
    var isSidecar: Bool { isInitial && spec["restartPolicy"].string == "Always" }

    /// The name of the image, if it is one of ours.
    var ourImage: String? {
        guard image.hasPrefix(Self.registry) else { return nil }
        let name = image.dropFirst(Self.registry.count).prefix { $0 != ":" }
        return Self.entryPoints[String(name)] == nil ? nil : String(name)
    }

    /// Its own variables. (The image's are another matter: Kubernetes does not see them either.)
    var environment: [String: String] {
        var variables: [String: String] = [:]
        for entry in spec["env"].list {
            guard let name = entry["name"].string else { continue }
            variables[name] = Self.expand(entry["value"].string ?? "", variables)
        }
        return variables
    }

    /// The command that is executed.
    var words: [String] {
        let command = spec["command"].words
        let image = command.isEmpty ? Self.entryPoints[ourImage ?? ""] ?? [] : command
        return (image + spec["args"].words).map { Self.expand($0, environment) }
    }

    /// `$(NAME)` is the variable's value where there is one, `$$` is `$`, and everything else stays as it is.
    static func expand(_ text: String, _ variables: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...].dropFirst()
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "(", let end = rest.firstIndex(of: ")"),
                let value = variables[String(rest[..<end].dropFirst())]
            {
                result += value
                rest = rest[end...].dropFirst()
            } else {
                result += "$"
            }
        }
        return result + rest
    }

    // MARK: crater-run in it

    private var program: String { words.first.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "" }
    var installs: Bool { program == "crater-run" && words.dropFirst().first == "install" }
    var serves: Bool { program == "entrypoint.sh" || program == "crater-run" && words.dropFirst().first == "up" }

    /// What `up` is given: its options, and the job after `--`.
    var upWords: [String] {
        if program == "crater-run" { return Array(words.dropFirst(2)) }
        let arguments = words.dropFirst()
        return arguments.isEmpty || arguments.first?.hasPrefix("-") == true ? Array(arguments) : ["--"] + arguments
    }

    var job: [String] { Array(upWords.drop { $0 != "--" }.dropFirst()) }

    /// What serves: the lines of --app, and of CRATER_RUN_APPS.
    var appLines: [String] {
        let options = upWords.prefix { $0 != "--" }
        let given = options.indices.filter { options[$0] == "--app" && $0 + 1 < options.endIndex }.map {
            options[$0 + 1]
        }
        return given + (environment["CRATER_RUN_APPS"] ?? "").split(separator: "\n").map(String.init)
    }

    /// The port that it answers probes at; nil if at none.
    var healthPort: Int? {
        Int(environment["CRATER_RUN_HEALTH_PORT"] ?? "9550")
    }

    // MARK: Ports, probes, volumes

    static let probeKinds = ["startupProbe", "livenessProbe", "readinessProbe"]

    var probes: [String: JSON] { spec.members.filter { Self.probeKinds.contains($0.key) && $0.value != .null } }

    /// A port by its number or name.
    func port(_ value: JSON) -> Int? {
        value.integer ?? spec["ports"].list.first { $0["name"] == value }?["containerPort"].integer
    }

    /// Where the volume of this name is mounted.
    func mount(_ volume: String) -> JSON? { spec["volumeMounts"].list.first { $0["name"].string == volume } }
}
