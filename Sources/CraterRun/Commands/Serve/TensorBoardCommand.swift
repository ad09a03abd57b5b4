import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// `crater-run tensorboard`.
struct TensorBoardCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensorboard",
        abstract: "Serve TensorBoard at its ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run tensorboard [--logdir <dir>] [<options>] [-- <flags> ...]",
        discussion: """
            The rule is the one named tensorboard or tb, or else the one on port 6006. Until it is there, crater-run waits.

            EXAMPLES
              crater-run tensorboard --logdir ./logs
              crater-run tensorboard --logdir ./logs --dry-run
              crater-run tensorboard --logdir ./logs -- --reload_interval 30
              crater-run tensorboard --prefix /ingress/liuxw24-379e0 --port 6006

            \(ExitCodes.ofApps)
            """
    )
    static let executableVariable: String? = "CRATER_RUN_TENSORBOARD_EXECUTABLE"

    @Option(
        help: ArgumentHelp("Where the event files are. Default: ./logs. [CRATER_RUN_LOGDIR]", valueName: "dir"),
        completion: .directory
    )
    var logdir: String?

    @Flag(help: "Leave the GPUs visible to TensorBoard. [CRATER_RUN_KEEP_GPU]")
    var keepGpu = false

    @Option(
        help: ArgumentHelp(
            "The TensorBoard to run. Default: the first on PATH, then in /opt/conda, /usr/local, then python3 -m. "
                + "[CRATER_RUN_TENSORBOARD_EXECUTABLE]",
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
        parsing: .postTerminator, help: ArgumentHelp("Passed on to TensorBoard unchanged.", valueName: "flags"),
        completion: Completions.nothing)
    var flags: [String] = []

    func app(settings: inout Settings) -> any WebApp {
        let keepsGPU = settings.read("--keep-gpu", keepGpu, variable: "CRATER_RUN_KEEP_GPU")
        let directory = settings.read(
            "--logdir",
            logdir,
            variable: nil,
            expected: "a directory; TensorBoard takes no empty one"
        ) { $0.isEmpty ? nil : $0 }
        // Apart from the flag: what the environment says must not get into the way of flags after the --.
        return TensorBoard(
            logDirectory: directory,
            defaultLogDirectory: settings.variables("CRATER_RUN_LOGDIR") ?? "./logs",
            flags: flags,
            keepsGPU: keepsGPU
        )
    }
}
