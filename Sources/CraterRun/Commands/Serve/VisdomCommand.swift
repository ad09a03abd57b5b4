import ArgumentParser
import CraterRunCore

/// `crater-run visdom`.
struct VisdomCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "visdom",
        abstract: "Serve Visdom at its ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run visdom [--env-path <dir>] [<options>] [-- <flags> ...]",
        discussion: """
            The rule is the one named visdom, or else the one on port 8097. crater-run waits until the rule exists. It \
            starts Visdom without the downloads that the visdom command makes first.

            A training script sends its plots to the rule's port and prefix:
              visdom.Visdom(port=8097, base_url="/ingress/liuxw24-379e0")
            A shell script reads the prefix with: crater-run rules visdom --field prefix

            EXAMPLES
              crater-run visdom
              crater-run visdom --env-path ./plots
              crater-run visdom --dry-run
              crater-run visdom -- -readonly

            \(ExitCodes.ofApps)
            """
    )
    static let name = AppIdentity.visdom.name
    static var familiarFlags: FamiliarFlags { .visdom }
    static var directoryOption: String? { Setting.environmentPath.declaration.option }
    static var executable: Setting<String>? { .visdomExecutable }
    static var table: OptionTable {
        table([Setting.environmentPath.declaration, Setting.keepGPU(of: "Visdom").declaration])
    }

    @Option(.environmentPath) var envPath: String?
    @Flag(.keepGPU(of: "Visdom")) var keepGpu = false
    @Option(.visdomExecutable) var executable: String?
    @OptionGroup(title: "Serving") var serve: ServeOptions
    @OptionGroup(title: "Annotations") var source: AnnotationsOptions

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("Passed on to Visdom unchanged.", valueName: "flags"),
        completion: Completions.nothing)
    var flags: [String] = []

    var given: GivenWords {
        var given = GivenWords()
        given.add(.environmentPath, envPath)
        given.add(.keepGPU(of: "Visdom"), keepGpu)
        given.add(.visdomExecutable, executable)
        given.add(serve.given)
        given.add(source.given)
        given.passedOn = flags
        return given
    }

    static func app(_ settings: inout Settings) -> any WebApp {
        let path = settings.read(.environmentPath)
        let keepsGPU = settings.read(.keepGPU(of: "Visdom")) ?? false
        return Visdom(environmentPath: path, flags: settings.given.passedOn, keepsGPU: keepsGPU)
    }
}
