/// Apps that terminals handed over, kept in the run's private directory for the supervisor that follows if this one dies. They
/// hold an environment, so nobody else may read them.
package struct HandOverStore: Sendable {
    // No rule's name, and so no app's, begins with a dot.
    private static let folder = ".hand-overs"

    /// Tells a file that is whole from one that is being written.
    private static let suffix = ".json"

    private let directory: PrivateDirectory

    package init(_ storage: RunStorage) {
        directory = storage.directory
    }

    /// Keeps one as the app of this name; one that cannot be kept is lost with this supervisor.
    package func keep(_ bytes: [UInt8], as app: String) {
        guard let folder = try? directory.make().makeDirectory(HandOverStore.folder, mode: 0o700) else { return }
        try? folder.write(bytes, to: "\(app)\(HandOverStore.suffix)")
    }

    /// Those of the supervisors of this run before us, by the names of their apps.
    package func all() -> [(app: String, bytes: [UInt8])] {
        guard let folder = try? directory.openDirectory()?.directory(HandOverStore.folder) else { return [] }
        return (folder.names() ?? []).sorted().filter { $0.hasSuffix(HandOverStore.suffix) }.compactMap { name in
            let app = String(name.dropLast(HandOverStore.suffix.count))
            return (try? folder.readRegular(name, limit: 8 << 20)).map { (app, $0) }
        }
    }
}
