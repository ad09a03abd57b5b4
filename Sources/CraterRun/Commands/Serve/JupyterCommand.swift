import ArgumentParser
import CraterRunCore

/// `crater-run jupyter`.
struct JupyterCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "jupyter",
        abstract: "Serve Jupyter at its ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run jupyter [--notebook-dir <dir>] [<options>] [-- <flags> ...]",
        discussion: """
            The rule is the one named jupyter, notebook, lab or jupyterlab, or else the one on port 8888. Until it is there, \
            crater-run waits. Whatever is installed is served: JupyterLab, Notebook, the classic Notebook, Jupyter Server.

            Once Jupyter is ready, one line says where to open it, with the token. A token of your own goes into a file that \
            JUPYTER_TOKEN_FILE names, or into Jupyter's configuration; else crater-run makes one up, which stays the same \
            until crater-run ends.

            EXAMPLES
              crater-run jupyter
              crater-run jupyter --notebook-dir /data --interface notebook
              crater-run jupyter --dry-run
              crater-run jupyter -- --ServerApp.terminals_enabled=False

            \(ExitCodes.ofApps)
            """
    )
    static let executableVariable: String? = "CRATER_RUN_JUPYTER_EXECUTABLE"

    @Option(
        help: ArgumentHelp(
            "Where the notebooks are. Default: as Jupyter's configuration has it, else the working directory. "
                + "[CRATER_RUN_NOTEBOOK_DIR]",
            valueName: "dir"
        ),
        completion: .directory
    )
    var notebookDir: String?

    @Option(
        help: ArgumentHelp(
            "What to serve. Default: the first of lab, notebook, server that is installed. [CRATER_RUN_JUPYTER_INTERFACE]",
            valueName: "lab|notebook|server"
        ),
        completion: Completions.values(of: Jupyter.Interface.self)
    )
    var interface: String?

    @Option(
        help: ArgumentHelp(
            "The Jupyter to run, such as /opt/conda/bin/jupyter-lab. Default: the first on PATH, then in /opt/conda, /usr/local, "
                + "then python3 -m. [CRATER_RUN_JUPYTER_EXECUTABLE]",
            valueName: "path"
        ),
        completion: .file()
    )
    var executable: String?

    @OptionGroup(title: "Serving")
    var serve: ServeOptions

    @OptionGroup(title: "Annotations")
    var source: AnnotationsOptions

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("Passed on to Jupyter.", valueName: "flags"),
        completion: Completions.nothing)
    var flags: [String] = []

    func app(settings: inout Settings) -> any WebApp {
        let interface = settings.read(
            "--interface",
            interface,
            variable: "CRATER_RUN_JUPYTER_INTERFACE",
            expected: "lab, notebook or server",
            Jupyter.Interface.init(rawValue:)
        )
        let directory = settings.read(
            "--notebook-dir",
            notebookDir,
            variable: "CRATER_RUN_NOTEBOOK_DIR",
            expected: "a directory"
        ) { $0.isEmpty ? nil : $0 }
        return Jupyter(interface: interface, notebookDirectory: directory, flags: flags)
    }
}
