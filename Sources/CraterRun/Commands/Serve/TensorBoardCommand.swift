import ArgumentParser
import CraterRunCore

/// `crater-run tensorboard`.
struct TensorBoardCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "tensorboard",
        abstract: "Serve TensorBoard at its ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run tensorboard [--logdir <dir>] [<options>] [-- <flags> ...]",
        discussion: """
            The rule is the one named tensorboard or tb, or else the one on port 6006. crater-run waits until the rule \
            exists.

            EXAMPLES
              crater-run tensorboard --logdir ./logs
              crater-run tensorboard --logdir ./logs --dry-run
              crater-run tensorboard --logdir ./logs -- --reload_interval 30
              crater-run tensorboard --prefix /ingress/liuxw24-379e0 --port 6006

            \(ExitCodes.ofApps)
            """
    )
    static let name = AppIdentity.tensorBoard.name
    static var familiarFlags: FamiliarFlags { .tensorBoard }
    static var directoryOption: String? { Setting.logDirectory.declaration.option }
    static var executable: Setting<String>? { .tensorBoardExecutable }
    static var table: OptionTable {
        table([Setting.logDirectory.declaration, Setting.keepGPU(of: "TensorBoard").declaration])
    }

    @Option(.logDirectory) var logdir: String?
    @Flag(.keepGPU(of: "TensorBoard")) var keepGpu = false
    @Option(.tensorBoardExecutable) var executable: String?
    @OptionGroup(title: "Serving") var serve: ServeOptions
    @OptionGroup(title: "Annotations") var source: AnnotationsOptions

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("Passed on to TensorBoard unchanged.", valueName: "flags"),
        completion: Completions.nothing)
    var flags: [String] = []

    var given: GivenWords {
        var given = GivenWords()
        given.add(.logDirectory, logdir)
        given.add(.keepGPU(of: "TensorBoard"), keepGpu)
        given.add(.tensorBoardExecutable, executable)
        given.add(serve.given)
        given.add(source.given)
        given.passedOn = flags
        return given
    }

    static func app(_ settings: inout Settings) -> any WebApp {
        let keepsGPU = settings.read(.keepGPU(of: "TensorBoard")) ?? false
        let directory = settings.readGiven(.logDirectory)
        // The variable is kept apart from the flag: only the flag may conflict with the app's own flags after --.
        return TensorBoard(
            logDirectory: directory,
            defaultLogDirectory: settings.variable(.logDirectory) ?? "./logs",
            flags: settings.given.passedOn,
            keepsGPU: keepsGPU
        )
    }
}
