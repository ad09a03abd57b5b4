/// The Python environment of a script whose first line does not lead to the script's own interpreter. Such an
/// environment is not activated, was copied from elsewhere, or was packed by conda-pack.
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
    package var directory: String { FilePath.directory(of: python) ?? "" }
}
