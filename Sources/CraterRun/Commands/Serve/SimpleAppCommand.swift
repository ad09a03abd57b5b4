import ArgumentParser
import CraterRunCore

/// The command of a simple app: `crater-run marimo`.
struct SimpleAppCommand<App: SimpleApp>: ServingCommand {
    static var configuration: CommandConfiguration {
        let app = App.identity
        let names = app.ruleNames.joined(separator: " or ")
        let port = app.defaultPort.map { ", or else the one on port \($0)" } ?? ""
        return CommandConfiguration(
            commandName: app.name,
            abstract: "Serve \(App.title) at its ingress rule's prefix, in the foreground, and keep it running.",
            usage: "crater-run \(app.name) [<options>] [<target>] [-- <flags> ...]",
            discussion: """
                The rule is the one named \(names)\(port). Until it is there, crater-run waits.

                EXAMPLES
                \((App.examples + ["crater-run \(app.name) --dry-run"]).map { "  \($0)" }.joined(separator: "\n"))

                \(ExitCodes.ofApps)
                """
        )
    }
    static var executableVariable: String? { variable }
    private static var variable: String { "CRATER_RUN_\(App.identity.name.uppercased())_EXECUTABLE" }

    @Option(
        help: ArgumentHelp(
            "The \(App.title) to run. Default: the first on PATH, then in /opt/conda, /usr/local, then python3 -m. "
                + "[\(Self.variable)]",
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
        help: "\(App.targetHelp)",
        completion: .file()
    )
    var target: String?

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("Passed on to \(App.title) unchanged.", valueName: "flags"),
        completion: Completions.nothing)
    var flags: [String] = []

    func app(settings: inout Settings) -> any WebApp { App(target: target, flags: flags) }
}

/// The commands of all simple apps.
enum SimpleAppCommands {
    static var all: [any ServingCommand.Type] { SimpleApps.all.map { command(of: $0) } }

    private static func command<App: SimpleApp>(of app: App.Type) -> any ServingCommand.Type {
        SimpleAppCommand<App>.self
    }
}
