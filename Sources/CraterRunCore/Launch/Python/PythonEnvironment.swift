/// The Python environment of a script that does not find its interpreter by itself: copied from elsewhere, or packed by
/// conda-pack, and not activated.
package struct PythonEnvironment: Equatable, Sendable {
    /// The interpreter beside the script.
    package let python: String
    /// The directory of conda's activation scripts, if there are any. crater-run does not run them.
    package let activationScripts: String?

    package init(python: String, activationScripts: String? = nil) {
        self.python = python
        self.activationScripts = activationScripts
    }

    /// The directory of the environment's programs.
    package var directory: String {
        let end = python.lastIndex(of: "/") ?? python.startIndex
        return String(python[..<end])
    }
}
