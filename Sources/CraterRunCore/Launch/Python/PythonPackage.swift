/// The facts about an installed Python package, found without starting Python.
package struct PythonPackage: Equatable, Sendable {
    /// The package's directory, such as `/usr/lib/python3/dist-packages/visdom`.
    package let directory: String
    /// The files that were asked for and do not exist.
    package let missingFiles: [String]
    /// The versions of the distributions that were asked for and are installed beside the package.
    package let versions: [String: String]

    package init(directory: String, missingFiles: [String] = [], versions: [String: String] = [:]) {
        self.directory = directory
        self.missingFiles = missingFiles
        self.versions = versions
    }

    /// What to find out about a package.
    package struct Question: Equatable, Sendable {
        /// The package's name in an import.
        package let name: String
        /// Files below the package's directory.
        package let files: [String]
        /// Distributions beside the package, by the beginnings of their `.dist-info` directories' names.
        package let distributions: [String]

        package init(name: String, files: [String] = [], distributions: [String] = []) {
            self.name = name
            self.files = files
            self.distributions = distributions
        }
    }

    /// Whether a distribution is installed in at least this version. Only as many numbers are compared as `version`
    /// has.
    package func has(_ distribution: String, atLeast version: [Int]) -> Bool {
        guard let text = versions[distribution] else { return false }
        let numbers = text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        let padded = numbers + Array(repeating: 0, count: max(0, version.count - numbers.count))
        return !padded.prefix(version.count).lexicographicallyPrecedes(version)
    }
}
