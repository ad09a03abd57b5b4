internal import CLinux
internal import Glibc

/// Where a run keeps what its processes share: in its private directory, or in memory if there is no place for one.
package struct RunStorage: Sendable {
    package let directory: PrivateDirectory
    let memory: RunMemory

    /// - Parameters:
    ///   - nonce: the run's nonce.
    ///   - environment: crater-run's own environment.
    ///   - legacy: what the init role holds for its supervisors.
    package init(
        nonce: UInt64, environment: [[UInt8]] = ProcessEnvironment.entries(), legacy: RunLegacy.Descriptors? = nil
    ) {
        directory = PrivateDirectory(
            nonce: nonce, environment: environment, owner: RunOwner(inherited: legacy?.owner))
        memory = RunMemory(inherited: legacy?.memory)
    }
}

extension RunStorage {
    private static let hang = "apps at the last hang"

    /// The apps that were being started when the previous supervisor hung.
    package var appsAtLastHang: Set<String> {
        Set(memory[RunStorage.hang]?.split(separator: "\n").map(String.init) ?? [])
    }

    /// Keeps the names of these apps for the next supervisor; callable from any thread.
    package func noteHang(of apps: [String]) { memory[RunStorage.hang] = apps.joined(separator: "\n") }
}
