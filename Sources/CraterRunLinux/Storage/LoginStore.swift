internal import CraterRunCore
internal import Glibc

/// Gives the keys of the front door's logins. A random key is kept beside the private directories of the runs, so that the
/// next run of the same user gives the same key: links and sessions survive a restart. Without a place for it, the key is
/// kept in memory, for the next supervisor of the same run.
struct LoginStore {
    // No rule's name begins with a dot, and so no app's name does.
    private static let folder = ".logins"

    private let storage: RunStorage
    /// The directory that relative paths begin at; nil for crater-run's own.
    private let directory: String?

    init(_ storage: RunStorage, directory: String? = nil) {
        self.storage = storage
        self.directory = directory
    }

    /// The key of an app's login. May take as long as the file systems take to answer.
    ///
    /// - Throws: ``LaunchFailure``: another try may succeed, such as once the file exists.
    func key(from source: LoginSource, for app: String) throws(LaunchFailure) -> LoginKey {
        switch source {
        case .given(let key): return key
        case .file(let path): return try read(path)
        case .random:
            do throws(SystemCallError) { return try kept(for: app) } catch {
                throw .noKey(file: nil, why: "\(error)")
            }
        }
    }

    private func read(_ path: String) throws(LaunchFailure) -> LoginKey {
        let full = path.hasPrefix("/") ? path : directory.map { "\($0)/\(path)" } ?? path
        let bytes: [UInt8]
        do throws(SystemCallError) { bytes = try SmallFile.readRegular(full, limit: 16 << 10) } catch {
            throw .noKey(file: full, why: error.reason)
        }
        do throws(Refusal) { return try LoginKey(String(decoding: bytes, as: UTF8.self)) } catch {
            throw .noKey(file: full, why: error.reason)
        }
    }

    private func kept(for app: String) throws(SystemCallError) -> LoginKey {
        let name = "\(PercentEncoding.encode(app)).key"
        guard let folder = try? storage.directory.makeShared(LoginStore.folder) else {
            return try keptInMemory(for: app)
        }
        if let bytes = try? folder.readRegular(name, limit: 4 << 10),
            let key = try? LoginKey(String(decoding: bytes, as: UTF8.self))
        {
            return key
        }
        let key = try keptInMemory(for: app)
        // A full disk costs the next run its key, and nobody the app.
        try? folder.write(Array(key.text.utf8), to: name)
        return key
    }

    private func keptInMemory(for app: String) throws(SystemCallError) -> LoginKey {
        let name = "login \(app)"
        if let key = storage.memory[name].flatMap({ try? LoginKey($0) }) { return key }
        let key = try LoginStore.make()
        storage.memory[name] = key.text
        return key
    }

    /// A random key of 24 bytes.
    private static func make() throws(SystemCallError) -> LoginKey {
        let secret = try Secret.make()
        guard let key = try? LoginKey(secret) else { throw SystemCallError(call: "getentropy", number: EIO) }
        return key
    }
}
