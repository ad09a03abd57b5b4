import CraterRunLinux
import Foundation
import Glibc

/// How a container is to run, where that is not as its image says.
struct ContainerSettings {
    /// `UID:GID`.
    var user: String?
    /// As from a Pod's `readOnlyRootFilesystem`.
    var isReadOnly = true
    /// Whether there is a writable /tmp, as from an emptyDir; else /dev/shm alone is left.
    var hasTemporary = true
    /// `SOURCE:TARGET` or `SOURCE:TARGET:ro`.
    var mounts: [String] = []
    /// `NAME=value`.
    var environment: [String] = []
    /// The program, instead of the image's entry point.
    var entrypoint: String?
}

extension Launcher {
    private static let runner = Bundle.module.resourcePath.map { "\($0)/Clients/run_image.py" } ?? ""

    /// The one rule there is: the image's app at its usual port, which it gives.
    func setRule(of image: TestImage) throws -> UInt16 {
        guard let port = image.port else { throw Failure("\(image) has no app") }
        for name in ["tensorboard", "notebook", "lars"] { podInfo.removeRule(name) }
        podInfo.setRule(image.name, port: port, prefix: prefix)
        return port
    }

    /// Runs an image: as process 1, without capabilities, without a network, with the podinfo volume.
    func startContainer(
        _ image: TestImage, _ settings: ContainerSettings = ContainerSettings(), command: [String] = []
    ) throws {
        try startContainer(["--image", image.directory], settings, command)
    }

    /// Runs a program in a root that is no image of ours.
    func startContainer(root: String, _ settings: ContainerSettings, command: [String]) throws {
        try startContainer(["--root", root], settings, command)
    }

    private func startContainer(_ place: [String], _ settings: ContainerSettings, _ command: [String]) throws {
        try podInfo.write()
        let scratch = "\(root)/container"
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        let podinfo = "\(podInfo.directory):/etc/podinfo:ro"
        let mounts = ([podinfo] + settings.mounts).flatMap { ["--mount", $0] }
        let variables = settings.environment.flatMap { ["--env", $0] }
        let user = settings.user.map { ["--user", $0] } ?? []
        let entrypoint = settings.entrypoint.map { ["--entrypoint", $0] } ?? []
        let switches =
            (settings.isReadOnly ? ["--read-only"] : []) + (settings.hasTemporary ? ["--tmp"] : [])
        wrapper = ["unshare", "--net", "--ipc", Shell.python, "-B", Launcher.runner, "--scratch", scratch]
        wrapper += place + user + mounts + variables + entrypoint + switches
        try startProgram(["--"] + command)
    }

    /// Runs a command as `kubectl exec` and an exec probe do: beside process 1, as its user, with its environment.
    func inContainer(_ words: String...) throws -> Said {
        guard let user = HostProcesses.field("Uid", of: pid)?.first,
            let group = HostProcesses.field("Gid", of: pid)?.first
        else { throw Failure("the container is not there\n\(log)") }
        let environment = try SmallFile.read("/proc/\(pid)/environ").split(separator: 0).map { Array($0) }
        return try enter(
            ["--pid", "--mount", "--root", "--wd", "--net", "--setgid", group, "--setuid", user], words, environment)
    }

    /// Asks something that listens in the container.
    func fetch(_ path: String, port: UInt16) throws -> Fetched? {
        let words = [
            "curl", "--silent", "--max-time", "30", "--write-out", "\n%{http_code}", "http://127.0.0.1:\(port)\(path)",
        ]
        let said = try enter(["--net"], words, Launcher.callersEnvironment(["PATH"]))
        guard said.ending == .exited(0), let end = said.output.lastIndex(of: "\n"),
            let status = Int(said.output[said.output.index(after: end)...])
        else { return nil }
        return Fetched(status: status, body: String(said.output[..<end]))
    }

    private func enter(_ namespaces: [String], _ words: [String], _ environment: [[UInt8]]) throws -> Said {
        let output = try LineStream()
        let errors = try LineStream()
        let process = try SpawnedProcess(
            ["/usr/bin/nsenter", "--target", "\(pid)"] + namespaces + ["--"] + words, environment: environment,
            streams: [.null, output.target, errors.target])
        output.closeWriteEnd()
        errors.closeWriteEnd()
        try wait(until: "the end of \(words)") {
            output.drain()
            errors.drain()
            return process.hasEnded
        }
        output.drain()
        errors.drain()
        return Said(ending: try process.waitForEnd(), output: output.text, errors: errors.text)
    }
}
