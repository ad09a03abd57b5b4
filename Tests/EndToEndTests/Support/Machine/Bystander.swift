import CraterRunLinux
import Foundation

/// Somebody else who listens at a port: a fake app that the test starts itself.
final class Bystander {
    let process: SpawnedProcess
    private let record: String

    /// Returns when it answers.
    ///
    /// - Parameters:
    ///   - path: the prefix that it answers under, without a trailing slash; empty for none.
    ///   - host: the address that it listens at.
    init(port: UInt16, path: String = "/ingress/liuxw24-379e0", host: String = "0.0.0.0") throws {
        record = "\(FileManager.default.temporaryDirectory.path)/crater-e2e-bystander.\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: record, withIntermediateDirectories: true)
        let fake = "\(Launcher.fakes)tensorboard"
        process = try SpawnedProcess(
            [Shell.python, "-S", fake, "--port", "\(port)", "--host", host, "--path_prefix", path],
            environment: [Array("FAKE_RECORD=\(record)".utf8)]
        )
        let deadline = Deadline()
        while HTTP.get("\(path)/data/environment", port: port)?.status != 200 {
            guard !deadline.hasPassed, !process.hasEnded else { throw Failure("the bystander does not serve") }
        }
    }

    deinit {
        end()
        try? FileManager.default.removeItem(atPath: record)
    }

    var hasEnded: Bool { process.hasEnded }

    func end() {
        process.send(9)
        _ = try? process.waitForEnd()
    }
}
