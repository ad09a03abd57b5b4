import Foundation

/// Pods of one kind, as a manifest has them: a Pod, or the template of something that makes Pods.
struct Workload {
    /// The file and the name in it.
    let name: String
    let labels: [String: String]
    let annotations: [String: String]
    let spec: JSON

    private init(_ name: String, _ pod: JSON) {
        self.name = name
        labels = pod["metadata"]["labels"].strings
        annotations = pod["metadata"]["annotations"].strings
        spec = pod["spec"]
    }

    /// The workloads of a document; none if it makes no Pods.
    static func all(in manifest: ManifestDocument) -> [Workload] {
        let document = manifest.document
        switch (document["apiVersion"].string, manifest.kind) {
        case ("v1", "Pod"): return [Workload("\(manifest.file) \(manifest.name)", document)]
        case ("apps/v1", "Deployment"):
            return [Workload("\(manifest.file) \(manifest.name)", document["spec"]["template"])]
        case ("batch.volcano.sh/v1alpha1", "Job"):
            return document["spec"]["tasks"].list.map {
                Workload("\(manifest.file) \($0["name"].string ?? "")", $0["template"])
            }
        default: return []
        }
    }

    /// The Pods that stand in the manifests as they are: the component's Deployment is none before the component.
    static func all() throws -> [Workload] {
        try ManifestTools.load().filter { !$0.file.hasPrefix("component/") && !$0.file.hasPrefix("example/") }
            .flatMap(all)
    }

    static func named(_ name: String) throws -> Workload {
        guard let workload = try all().first(where: { $0.name == name }) else { throw Failure("there is no \(name)") }
        return workload
    }

    var containers: [ManifestContainer] {
        spec["initContainers"].list.map { ManifestContainer(spec: $0, pod: spec, isInitial: true) }
            + spec["containers"].list.map { ManifestContainer(spec: $0, pod: spec, isInitial: false) }
    }

    /// The container in which crater-run serves apps.
    var server: ManifestContainer? { containers.first(where: \.serves) }

    /// Whether something runs in it for its own sake: the server's job, or a container beside the server.
    var hasJob: Bool {
        containers.contains { $0.serves ? !$0.job.isEmpty : !$0.installs }
    }

    /// Whether Kubernetes puts it into the class Guaranteed: each container, the initial ones too, has limits of cpu and memory, and
    /// its requests are these (kubernetes.io, Pod Quality of Service Classes).
    var isGuaranteed: Bool {
        containers.allSatisfy { container in
            let (limits, requests) = (container.spec["resources"]["limits"], container.spec["resources"]["requests"])
            return ["cpu", "memory"].allSatisfy { name in
                limits[name] != .null && (requests[name] == .null || requests[name] == limits[name])
            }
        }
    }

    /// The ingress rules in its annotations, by name.
    var rules: [String: ManifestRule] {
        var rules: [String: ManifestRule] = [:]
        for (key, value) in annotations where key.hasPrefix("ingress.crater.raids.io/") {
            let rule = try? JSONDecoder().decode(ManifestRule.self, from: Data(value.utf8))
            rules[String(key.dropFirst("ingress.crater.raids.io/".count))] = rule
        }
        return rules
    }
}

/// An ingress rule, as the platform writes it.
struct ManifestRule: Decodable {
    let name: String
    let port: Int
    let prefix: String

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case port = "Port"
        case prefix = "Prefix"
    }
}
