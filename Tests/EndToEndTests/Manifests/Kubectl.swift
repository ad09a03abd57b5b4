import Foundation

/// kubectl, without a cluster: the one among the packages in Tests/Requirements/manifests.txt.
enum Kubectl {
    /// What it prints; it has to succeed.
    static func run(_ words: [String]) throws -> String {
        try ManifestTools.run(["\(ManifestTools.bin ?? "")/kubectl"] + words)
    }

    /// The documents of a YAML text, which becomes a file of its own in this directory.
    static func read(_ text: String, in directory: String) throws -> [ManifestDocument] {
        let name = "\(UUID().uuidString).yaml"
        try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
        return try ManifestTools.load(directory).filter { $0.file == name }
    }

    /// A Deployment with the component's patch, adapted as its comments say.
    static func patch(_ file: String, in directory: String, container: String = "app") throws -> ManifestDocument {
        let path = "\(ManifestTools.directory)/component/serve.yaml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let adapted = text.replacing(/- name: app #.*/, with: "- name: \(container)")
            // In kustomize the target decides which Deployment it is for; kubectl would take this for a new name.
            .replacing(/\nmetadata:\n *name: any #.*/, with: "")
        guard adapted.contains("- name: \(container)\n"), !adapted.contains("name: any") else {
            throw Failure("serve.yaml cannot be adapted")
        }
        let words = ["patch", "--local", "--filename", file, "--type", "strategic", "--patch", adapted, "-o", "yaml"]
        let output = try run(words)
        guard let result = try read(output, in: directory).first else { throw Failure("kubectl printed nothing") }
        return result
    }
}

extension JSON {
    /// Of a file that is for kustomize alone.
    var isKustomizes: Bool { string?.hasPrefix("kustomize.config.k8s.io/") == true }

    /// Without the members that are null: to Kubernetes they are not there.
    var withoutNulls: JSON {
        switch self {
        case .object(let members): .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
        case .list(let list): .list(list.map(\.withoutNulls))
        default: self
        }
    }
}
