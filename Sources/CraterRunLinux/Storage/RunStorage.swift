internal import CLinux
internal import Glibc

/// Where a run keeps what all its processes share: its private directory, and memory where there is no place for one.
package struct RunStorage: Sendable {
    package let directory: PrivateDirectory
    let memory: RunMemory

    /// - Parameters:
    ///   - nonce: the run's.
    ///   - environment: crater-run's own.
    ///   - legacy: what the init role has for its supervisors, one after the other.
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

    /// The apps that were being started when the supervisor before this one hung.
    package var appsAtLastHang: Set<String> {
        Set(memory[RunStorage.hang]?.split(separator: "\n").map(String.init) ?? [])
    }

    /// Keeps them for the supervisor that follows; from whichever thread.
    package func noteHang(of apps: [String]) { memory[RunStorage.hang] = apps.joined(separator: "\n") }
}
