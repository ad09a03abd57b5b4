internal import Glibc

/// Apps that terminals handed over, kept in the run's private directory for the supervisor that follows if this one dies. They
/// hold an environment, so nobody else may read them.
package struct HandOverStore: Sendable {
    // No rule's name, and so no app's, begins with a dot.
    private static let folder = ".hand-overs"

    /// Tells a file that is whole from one that is being written.
    private static let suffix = ".json"

    private let nonce: UInt64

    package init(nonce: UInt64) {
        self.nonce = nonce
    }

    /// Keeps one as the app of this name; one that cannot be kept is lost with this supervisor.
    package func keep(_ bytes: [UInt8], as app: String) {
        let directory = PrivateDirectory(nonce: nonce)
        guard let folder = directory.path(for: HandOverStore.folder), (try? directory.make(below: folder)) != nil else {
            return
        }
        try? PrivateFile.write(bytes, to: "\(folder)/\(app)\(HandOverStore.suffix)")
    }

    /// Those of the supervisors of this run before us, by the names of their apps.
    package func all() -> [(app: String, bytes: [UInt8])] {
        guard let folder = PrivateDirectory(nonce: nonce).path(for: HandOverStore.folder) else { return [] }
        return (Directory.names(in: folder) ?? []).sorted().filter { $0.hasSuffix(HandOverStore.suffix) }.compactMap {
            name in
            let app = String(name.dropLast(HandOverStore.suffix.count))
            return (try? SmallFile.readRegular("\(folder)/\(name)", limit: 8 << 20)).map { (app, $0) }
        }
    }
}
