import ArgumentParser
import CraterRunCore

/// `crater-run jupyter`.
struct JupyterCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "jupyter",
        abstract: "Serve Jupyter at its ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run jupyter [lab|notebook|server] [<options>] [-- <flags> ...]",
        discussion: """
            The rule is the one named jupyter, notebook, lab or jupyterlab, or else the one on port 8888. crater-run \
            waits until the rule exists. It serves what is installed: JupyterLab, Notebook, the classic Notebook or \
            Jupyter Server.

            Once Jupyter is ready, one line shows its URL with the token. To use a token of your own, put it into a \
            file and name the file in JUPYTER_TOKEN_FILE, or set it in Jupyter's configuration. Otherwise crater-run \
            makes a token, which stays the same until crater-run ends.

            EXAMPLES
              crater-run jupyter
              crater-run jupyter lab --notebook-dir /data
              crater-run jupyter --dry-run
              crater-run jupyter -- --ServerApp.terminals_enabled=False

            \(ExitCodes.ofApps)
            """
    )
    static let name = AppIdentity.jupyter.name
    static var familiarFlags: FamiliarFlags { .jupyter }
    static var directoryOption: String? { Setting.notebookDirectory.declaration.option }
    static var executable: Setting<String>? { .jupyterExecutable }
    static var table: OptionTable {
        table([Setting.notebookDirectory.declaration, Setting.interface.declaration], operands: .atMost(1))
    }

    @Option(.notebookDirectory) var notebookDir: String?
    @Option(.interface) var interface: String?
    @Option(.jupyterExecutable) var executable: String?
    @OptionGroup(title: "Serving") var serve: ServeOptions
    @OptionGroup(title: "Annotations") var source: AnnotationsOptions

    @Argument(
        help: "What to serve, as with --interface.", completion: .list(Jupyter.Interface.allCases.map(\.rawValue)))
    var kind: String?

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("Passed on to Jupyter.", valueName: "flags"),
        completion: Completions.nothing)
    var flags: [String] = []

    var given: GivenWords {
        var given = GivenWords()
        given.add(.notebookDirectory, notebookDir)
        given.add(.interface, interface)
        given.add(.jupyterExecutable, executable)
        given.add(serve.given)
        given.add(source.given)
        given.operands = kind.map { [$0] } ?? []
        given.passedOn = flags
        return given
    }

    static func app(_ settings: inout Settings) -> any WebApp {
        let interface = interface(&settings)
        let directory = settings.read(.notebookDirectory)
        return Jupyter(interface: interface, notebookDirectory: directory, flags: settings.given.passedOn)
    }

    /// The interface to serve: the word after `jupyter`, or else what `--interface` or its variable says.
    private static func interface(_ settings: inout Settings) -> Jupyter.Interface? {
        guard let word = settings.given.operands.first else { return settings.read(.interface) }
        guard let interface = Jupyter.Interface(rawValue: word) else {
            settings.note("cannot serve \(word): crater-run jupyter serves lab, notebook or server")
            return nil
        }
        if settings.given[.interface].map({ $0 != word }) ?? false {
            settings.note("cannot serve \(word) with --interface: leave one of them out")
        }
        return interface
    }
}
