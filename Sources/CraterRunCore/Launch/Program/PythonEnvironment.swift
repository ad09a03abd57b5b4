/// The Python environment of a program, if the environment is not activated, was copied from elsewhere, or was packed
/// by conda-pack.
package struct PythonEnvironment: Equatable, Sendable {
    /// The interpreter.
    package let python: String
    /// Whether the program is a script whose first line does not lead to the interpreter, which is beside the script.
    package let isFoundBeside: Bool
    /// The directory of conda's activation scripts, if there are any. crater-run does not run them.
    package let activationScripts: String?

    package init(python: String, isFoundBeside: Bool = true, activationScripts: String? = nil) {
        self.python = python
        self.isFoundBeside = isFoundBeside
        self.activationScripts = activationScripts
    }

    /// The directory of the environment's programs.
    package var directory: String { FilePath.directory(of: python) ?? "" }
}
