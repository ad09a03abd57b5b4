/// An installed Python package, looked at without starting Python.
package struct PythonPackage: Equatable, Sendable {
    /// Its directory, such as `/usr/lib/python3/dist-packages/visdom`.
    package let directory: String
    /// The files of those asked for that are not there.
    package let missingFiles: [String]
    /// The versions of the distributions asked for that are installed beside it.
    package let versions: [String: String]

    package init(directory: String, missingFiles: [String] = [], versions: [String: String] = [:]) {
        self.directory = directory
        self.missingFiles = missingFiles
        self.versions = versions
    }

    /// What to look for.
    package struct Question: Equatable, Sendable {
        /// The package's name, as it is imported.
        package let name: String
        /// Files below its directory.
        package let files: [String]
        /// Distributions beside it, by the name that their `.dist-info` directory begins with.
        package let distributions: [String]

        package init(name: String, files: [String] = [], distributions: [String] = []) {
            self.name = name
            self.files = files
            self.distributions = distributions
        }
    }

    /// Whether a distribution is installed in this version or a later one. Only the numbers count that `version` has.
    package func has(_ distribution: String, atLeast version: [Int]) -> Bool {
        guard let text = versions[distribution] else { return false }
        let numbers = text.split(separator: ".").map { Int($0.prefix { $0.isNumber }) ?? 0 }
        let padded = numbers + Array(repeating: 0, count: max(0, version.count - numbers.count))
        return !padded.prefix(version.count).lexicographicallyPrecedes(version)
    }
}
