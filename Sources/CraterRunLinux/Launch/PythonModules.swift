internal import CraterRunCore
internal import Glibc

/// Finds the packages of a Python interpreter in its directories, without starting it: that takes a tenth of a second
/// or more.
enum PythonModules {
    static func has(_ module: String, interpreter: String, environment: (String) -> String?) -> Bool {
        let file = module.split(separator: ".").joined(separator: "/")
        return folders(of: interpreter, environment: environment).contains { folder in
            FileAccess.isReadable("\(folder)/\(file).py") || FileAccess.isReadable("\(folder)/\(file)/__main__.py")
        }
    }

    /// The facts about a package; nil if it is not found.
    static func package(
        for question: PythonPackage.Question,
        interpreter: String,
        environment: (String) -> String?
    ) -> PythonPackage? {
        let folders = folders(of: interpreter, environment: environment)
        guard let folder = folders.first(where: { FileAccess.exists("\($0)/\(question.name)/__init__.py") }) else {
            return nil
        }
        let directory = "\(folder)/\(question.name)"
        return PythonPackage(
            directory: directory,
            missingFiles: question.files.filter { !FileAccess.exists("\(directory)/\($0)") },
            versions: versions(of: question.distributions, in: folders)
        )
    }

    /// The versions of these distributions, as far as they are installed, by the names of their directories.
    static func versions(
        of distributions: [String],
        interpreter: String,
        environment: (String) -> String?
    ) -> [String: String] {
        versions(of: distributions, in: folders(of: interpreter, environment: environment))
    }

    private static func versions(of distributions: [String], in folders: [String]) -> [String: String] {
        var versions: [String: String] = [:]
        // The first folder wins, as for Python itself.
        for folder in folders.reversed() {
            for name in Directory.names(in: folder) ?? [] {
                // Debian's packages have .egg-info.
                guard let suffix = [".dist-info", ".egg-info"].first(where: { name.hasSuffix($0) }) else { continue }
                let parts = name.dropLast(suffix.count).split(separator: "-").map(String.init)
                guard let distribution = parts.first, let version = parts.dropFirst().first,
                    distributions.contains(distribution)
                else { continue }
                versions[distribution] = version
            }
        }
        return versions
    }

    private static func folders(of interpreter: String, environment: (String) -> String?) -> [String] {
        var folders = environment("PYTHONPATH").map { $0.split(separator: ":").map(String.init) } ?? []
        let userBase = environment("PYTHONUSERBASE") ?? environment("HOME").map { "\($0)/.local" }
        // A virtual environment's packages are beside the link to its interpreter; those beside the link's target are
        // not its own.
        let prefix = interpreter.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(
            separator: "/")
        for base in [prefix, userBase].compactMap({ $0 }) {
            for library in ["\(base)/lib", "\(base)/local/lib"] {
                for version in Directory.names(in: library) ?? [] where version.hasPrefix("python3") {
                    folders += ["\(library)/\(version)/site-packages", "\(library)/\(version)/dist-packages"]
                }
            }
        }
        return folders
    }
}
