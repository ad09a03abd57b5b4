/// Which words to look for in an app's configuration files, in order to know which settings the user has set there.
package struct ConfigurationQuestion: Equatable, Sendable {
    /// The variable that names the user's directory of configuration files.
    package let directoryVariable: String
    /// The variable that names further directories, separated by colons.
    package let pathVariable: String
    /// The name of the usual directories. For `jupyter`, they are `.jupyter` in the home, and `etc/jupyter` below the
    /// root, below /usr/local and below Python's prefix.
    package let name: String
    /// The names of the files.
    package let files: [String]
    /// The words to look for.
    package let words: [String]

    package init(directoryVariable: String, pathVariable: String, name: String, files: [String], words: [String]) {
        self.directoryVariable = directoryVariable
        self.pathVariable = pathVariable
        self.name = name
        self.files = files
        self.words = words
    }
}
