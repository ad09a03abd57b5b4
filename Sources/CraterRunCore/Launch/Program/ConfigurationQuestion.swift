/// Which words to look for in an app's configuration files, in order to know which settings the user has set there.
package struct ConfigurationQuestion: Equatable, Sendable {
    /// The variable that names the user's directory of configuration files.
    package let directoryVariable: String
    /// The variable that names further directories, separated by colons.
    package let pathVariable: String
    /// The variable that turns all directories off.
    package let offVariable: String
    /// The name of the usual directories. For `jupyter`, they are `.jupyter` in the home, and `etc/jupyter` below the
    /// root, below /usr/local, below Python's prefix, and below the directory of the user's own Python packages.
    package let name: String
    /// The names of the files.
    package let files: [String]
    /// Files that the user's flags name. Their extensions do not count: the app reads such a file with `.py` and with
    /// `.json`.
    package let namedFiles: [String]
    /// The words to look for.
    package let words: [String]

    package init(
        directoryVariable: String, pathVariable: String, offVariable: String, name: String, files: [String],
        namedFiles: [String] = [], words: [String]
    ) {
        self.directoryVariable = directoryVariable
        self.pathVariable = pathVariable
        self.offVariable = offVariable
        self.name = name
        self.files = files
        self.namedFiles = namedFiles
        self.words = words
    }
}
