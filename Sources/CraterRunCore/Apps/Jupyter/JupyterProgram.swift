/// Which program a Jupyter script starts.
package enum JupyterProgram: String, CaseIterable, Sendable {
    case lab = "JupyterLab"
    case notebook = "Notebook 7"
    case classic = "the classic Notebook"
    case nbclassic = "nbclassic"
    case server = "Jupyter Server"

    /// Recognizes the program by the script's text, as pip, conda, uv and Debian write it, or else by its name.
    ///
    /// Debian's script is a stub without an import, and Debian's Notebook is the classic one.
    package init?(script: String, name: String) {
        let imports: [(String, JupyterProgram)] = [
            ("jupyterlab.labapp", .lab), ("notebook.notebookapp", .classic), ("notebook.app", .notebook),
            ("jupyter_server.serverapp", .server), ("'notebook==", .classic), ("'jupyterlab==", .lab),
        ]
        if script.contains("nbclassic") {
            self = .nbclassic
        } else if let found = imports.first(where: { script.contains($0.0) }) {
            self = found.1
        } else if let last = name.split(separator: "/").last,
            let found = ["jupyter-lab": JupyterProgram.lab, "jupyter-notebook": .notebook, "jupyter-server": .server][
                last]
        {
            self = found
        } else {
            return nil
        }
    }

    /// The Python distribution that contains the program.
    var distribution: String {
        switch self {
        case .lab: "jupyterlab"
        case .notebook, .classic: "notebook"
        case .nbclassic: "nbclassic"
        case .server: "jupyter_server"
        }
    }

    package var interface: Jupyter.Interface {
        switch self {
        case .lab: .lab
        case .notebook, .classic, .nbclassic: .notebook
        case .server: .server
        }
    }
}
