import ArgumentParser
import CraterRunCore

/// `crater-run visdom`.
struct VisdomCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "visdom",
        abstract: "Serve Visdom at its ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run visdom [--env-path <dir>] [<options>] [-- <flags> ...]",
        discussion: """
            The rule is the one named visdom, or else the one on port 8097. Until it is there, crater-run waits. Visdom is \
            started without the downloads that its own command begins with.

            A training script sends its plots to port and prefix of the rule:
              visdom.Visdom(port=8097, base_url="/ingress/liuxw24-379e0")
            and a shell asks for them with: crater-run rules visdom --field prefix

            EXAMPLES
              crater-run visdom
              crater-run visdom --env-path ./plots
              crater-run visdom --dry-run
              crater-run visdom -- -readonly

            \(ExitCodes.ofApps)
            """
    )
    static let executableVariable: String? = "CRATER_RUN_VISDOM_EXECUTABLE"

    @Option(
        help: ArgumentHelp(
            "Where the plots are kept. Default: ~/.visdom. [CRATER_RUN_VISDOM_ENV_PATH]", valueName: "dir"),
        completion: .directory
    )
    var envPath: String?

    @Flag(help: "Leave the GPUs visible to Visdom. [CRATER_RUN_KEEP_GPU]")
    var keepGpu = false

    @Option(
        help: ArgumentHelp(
            "The command visdom of the Python to run, or that Python. Default: the first on PATH, then in /opt/conda, /usr/local, "
                + "then a python3 that has it. [CRATER_RUN_VISDOM_EXECUTABLE]",
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
        parsing: .postTerminator, help: ArgumentHelp("Passed on to Visdom unchanged.", valueName: "flags"),
        completion: Completions.nothing)
    var flags: [String] = []

    func app(settings: inout Settings) -> any WebApp {
        let path = settings.read(
            "--env-path",
            envPath,
            variable: "CRATER_RUN_VISDOM_ENV_PATH",
            expected: "a directory"
        ) { $0.isEmpty ? nil : $0 }
        return Visdom(
            environmentPath: path, flags: flags,
            keepsGPU: settings.read("--keep-gpu", keepGpu, variable: "CRATER_RUN_KEEP_GPU"))
    }
}
