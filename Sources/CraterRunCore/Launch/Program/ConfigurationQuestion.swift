/// What to find out about an app's configuration files: whether a line of theirs names a setting.
package struct ConfigurationQuestion: Equatable, Sendable {
    /// The variable that names the user's directory of configuration files.
    package let directoryVariable: String
    /// The variable that names further directories, separated by colons.
    package let pathVariable: String
    /// The directory's usual name: `.jupyter` in the home, and `etc/jupyter` below a prefix.
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
