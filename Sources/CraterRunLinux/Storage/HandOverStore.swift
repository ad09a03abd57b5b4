/// Keeps the apps that terminals handed over in the run's private directory, for the next supervisor if this one dies.
/// They contain an environment, so no other user may read them.
package struct HandOverStore: Sendable {
    // No rule's name begins with a dot, and so no app's name does.
    private static let folder = ".hand-overs"

    /// Tells a complete file from one that is being written.
    private static let suffix = ".json"

    private let directory: PrivateDirectory

    package init(_ storage: RunStorage) {
        directory = storage.directory
    }

    /// Keeps a handed-over app under its name. An app that cannot be kept is lost with this supervisor.
    package func keep(_ bytes: [UInt8], as app: String) {
        guard let folder = try? directory.make().makeDirectory(HandOverStore.folder, mode: 0o700) else { return }
        try? folder.write(bytes, to: "\(app)\(HandOverStore.suffix)")
    }

    /// The apps that this run's supervisors have kept, by name.
    package func all() -> [(app: String, bytes: [UInt8])] {
        guard let folder = try? directory.openDirectory()?.directory(HandOverStore.folder) else { return [] }
        return (folder.names() ?? []).sorted().filter { $0.hasSuffix(HandOverStore.suffix) }.compactMap { name in
            let app = String(name.dropLast(HandOverStore.suffix.count))
            return (try? folder.readRegular(name, limit: 8 << 20)).map { (app, $0) }
        }
    }
}
