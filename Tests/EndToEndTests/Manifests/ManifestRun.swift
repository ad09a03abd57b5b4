import CraterRunLinux
import Foundation
import Testing

/// A workload's containers on this machine: their commands, with directories in place of their volumes, in a network of
/// their own, where each port is free.
struct ManifestRun {
    let workload: Workload
    let server: ManifestContainer
    let launcher: Launcher

    /// A network namespace needs root, and to ask somebody in it takes curl.
    static let isPossible =
        ManifestTools.areTested && (Mode.canBeProcessOne || Mode.isOnCI) && MachineTool.curl.isTested
    /// Executes the command that follows in a network that has nothing but itself.
    private static let ownNetwork = [
        "unshare", "--net", "--", "sh", "-euc", #"ip link set lo up; exec "$@""#, "sh",
    ]

    /// - Parameter configMaps: by name, what a volume made of one has.
    init(_ workload: Workload, in launcher: Launcher, configMaps: [String: [String: String]] = [:]) throws {
        guard let server = workload.server else { throw Failure("\(workload.name) serves nothing") }
        self.workload = workload
        self.server = server
        self.launcher = launcher
        let system = ["kubernetes.io/config.seen", "kubernetes.io/config.source"]
        launcher.podInfo.annotations = launcher.podInfo.annotations.filter { system.contains($0.key) }
        for (key, value) in workload.annotations { launcher.podInfo.annotations[key] = Array(value.utf8) }
        launcher.podInfo.labels = workload.labels
        try launcher.podInfo.write()
        launcher.environment = server.environment.mapValues { inVolumes($0) }
        launcher.environment["KUBERNETES_SERVICE_HOST"] = "10.96.0.1"
        launcher.environment["CRATER_RUN_ANNOTATIONS"] = launcher.podInfo.path
        // The default, where the launcher would choose a free one of this machine's.
        launcher.environment["CRATER_RUN_HEALTH_PORT"] = server.environment["CRATER_RUN_HEALTH_PORT"] ?? "9550"
        // A container has a /dev/shm of its own, and this machine one for all.
        if launcher.environment["CRATER_RUN_DIR"] == "/dev/shm" { launcher.environment["CRATER_RUN_DIR"] = nil }
        launcher.wrapper = Self.ownNetwork
        // What an image has on its PATH.
        try FileManager.default.createSymbolicLink(
            atPath: "\(launcher.bin)/crater-run", withDestinationPath: TestBinary.path)
        for volume in workload.spec["volumes"].list {
            let directory = "\(launcher.root)/volumes/\(volume["name"].string ?? "")"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for (name, text) in configMaps[volume["configMap"]["name"].string ?? ""] ?? [:] {
                try text.write(toFile: "\(directory)/\(name)", atomically: false, encoding: .utf8)
            }
        }
        try installWhatIsInjected()
    }

    /// Runs the init containers that have to end before the others begin.
    private func installWhatIsInjected() throws {
        for container in workload.containers where container.isInitial && !container.isSidecar {
            try launcher.startProgram(here(container.words, of: container))
            #expect(try launcher.end() == .exited(0), "\(workload.name) \(container.name): \(launcher.log)")
        }
    }

    /// A command as this machine has it.
    func here(_ words: [String], of container: ManifestContainer) -> [String] {
        words.enumerated().map { index, word in
            guard index == 0 else { return inVolumes(word, of: container) }
            switch word {
            case "/entrypoint.sh": return ManifestTools.repository.appendingPathComponent("entrypoint.sh").path
            case "/crater-run": return TestBinary.path
            default: return inVolumes(word, of: container)
            }
        }
    }

    /// The text with this machine's directories in place of the paths in volumes.
    private func inVolumes(_ text: String, of container: ManifestContainer? = nil) -> String {
        let mounts = (container ?? server).spec["volumeMounts"].list.filter { $0["mountPath"].string != "/tmp" }
        return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            for mount in mounts {
                let path = mount["mountPath"].string ?? ""
                guard word == path || word.hasPrefix("\(path)/") else { continue }
                return "\(launcher.root)/volumes/\(mount["name"].string ?? "")\(word.dropFirst(path.count))"
            }
            return String(word)
        }.joined(separator: " ")
    }

    /// The server's command, with further options of `up`'s.
    func command(_ options: [String] = []) -> [String] {
        let words = here(server.words, of: server)
        let up = here([""] + server.upWords, of: server).dropFirst()
        return words.prefix(words[0].hasSuffix("entrypoint.sh") ? 1 : 2) + options + up
    }

    /// What is wrong where the kubelet would take a probe for failed.
    ///
    /// - Returns: nil if it passes.
    func failure(of probe: JSON) throws -> Said? {
        let command: [String]
        if probe["exec"] != .null {
            command = here(probe["exec"]["command"].words, of: server)
        } else {
            let get = probe["httpGet"]
            let port = try #require(server.port(get["port"]), "\(get)")
            let url = "http://127.0.0.1:\(port)\(get["path"].string ?? "")"
            command = ["curl", "--silent", "--show-error", "--fail", "--max-time", "30", url]
        }
        let said = try inItsNetwork(command)
        return said.ending == .exited(0) ? nil : said
    }

    /// Runs a command where the server is.
    func inItsNetwork(_ command: [String]) throws -> Said {
        let target = launcher.mode == .processOne ? "1" : "\(launcher.pid)"
        return try launcher.run(command, wrapper: ["nsenter", "--target", target, "--net"])
    }
}
