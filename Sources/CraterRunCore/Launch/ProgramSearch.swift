/// How an app's program is found and started.
package struct ProgramSearch: Equatable, Sendable {
    /// Whether the places are tried in which images have their Python environments, after PATH.
    package var looksBeyondPath = true
    /// Whether what is started is the Python interpreter of the program that was found, not the program.
    package var startsInterpreter = false
    /// What to find out about the Python package that belongs to it.
    package var package: PythonPackage.Question?
    /// What to do where it is not found.
    package var remedy = "install it, or name it with --executable"

    package init() {}
}
