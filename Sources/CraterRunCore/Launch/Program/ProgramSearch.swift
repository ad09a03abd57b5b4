/// How an app's program is found and started.
package struct ProgramSearch: Equatable, Sendable {
    /// Whether the search goes on after PATH, in the directories where images have their Python environments.
    package var looksBeyondPath = true
    /// Whether to start the Python interpreter of the program that was found, instead of the program itself.
    package var startsInterpreter = false
    /// The command that has the app's programs as its subcommands, such as `jupyter`; nil if there is none.
    package var frontCommand: String?
    /// What to find out about the Python package that belongs to the program.
    package var package: PythonPackage.Question?
    /// What the user can do if the program is not found.
    package var remedy = "install it, or name it with --executable"

    package init() {}
}
