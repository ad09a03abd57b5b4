internal import CraterRunCore
internal import Glibc

/// Prepares what a plan needs before the app starts.
struct LaunchPreparer {
    /// A secret in memory, and the number of the descriptor at which the app gets it.
    struct Passed: Sendable {
        let file: SealedFile
        let target: Int32
    }

    /// In bytes; more than any token has.
    private static let longestSecret = 64 << 10

    let storage: RunStorage
    /// The app's name.
    let app: String
    /// The app's environment, without the plan's edits.
    let environment: [[UInt8]]

    /// - Returns: the secrets that the app's process must inherit.
    @discardableResult
    func prepare(_ preparations: [Preparation]) throws(SystemCallError) -> [Passed] {
        var passed: [Passed] = []
        for preparation in preparations {
            switch preparation {
            case .directory(let path): _ = try storage.directory.make(below: path)
            case .runtimeDirectory(let path, let prefixes):
                let directory = try storage.directory.make(below: path)
                for name in directory.names() ?? [] where prefixes.contains(where: name.hasPrefix) {
                    directory.remove(name)
                }
            case .socket(let path):
                let (directory, name) = try place(of: path)
                directory.remove(name)
            case .file(let path, let text):
                let (directory, name) = try place(of: path)
                try directory.write(Array(text.utf8), to: name)
            case .token(.file(let path)):
                let (directory, name) = try place(of: path)
                if !hasSecret(name, in: directory) { try directory.write(Array(Secret.make().utf8), to: name) }
            case .token(.descriptor(let number)): passed.append(try pass(try token(), at: number))
            case .variable(let variable, .file(let path)):
                let (directory, name) = try place(of: path)
                try directory.write(Array(value(of: variable).utf8), to: name)
            case .variable(let variable, .descriptor(let number)):
                passed.append(try pass(value(of: variable), at: number))
            }
        }
        return passed
    }

    private func place(of path: String) throws(SystemCallError) -> (HeldDirectory, name: String) {
        (try storage.directory.make(below: FilePath.directory(of: path) ?? ""), FilePath.name(of: path))
    }

    /// Whether the file has a secret already. An empty file, or something else, has none: any process in the app can
    /// write there.
    private func hasSecret(_ name: String, in directory: HeldDirectory) -> Bool {
        guard let bytes = try? directory.readRegular(name, limit: LaunchPreparer.longestSecret) else { return false }
        return !bytes.isEmpty
    }

    /// The app's token, which stays the same as long as the run lasts.
    private func token() throws(SystemCallError) -> String {
        let name = "token \(app)"
        if let token = storage.memory[name] { return token }
        let token = try Secret.make()
        storage.memory[name] = token
        return token
    }

    private func pass(_ secret: String, at number: Int32) throws(SystemCallError) -> Passed {
        storage.memory.give(secret, to: app)
        return Passed(file: try SealedFile(Array(secret.utf8)), target: number)
    }

    private func value(of variable: String) -> String { HostProbe(environment: environment).value(variable) ?? "" }
}
