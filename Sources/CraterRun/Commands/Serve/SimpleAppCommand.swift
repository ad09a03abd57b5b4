import ArgumentParser
import CraterRunCore

/// The command of a simple app: `crater-run marimo`.
struct SimpleAppCommand<App: SimpleApp, Own: SimpleAppOptions>: ServingCommand {
    static var configuration: CommandConfiguration {
        let app = App.identity
        let names = app.ruleNames.joined(separator: " or ")
        let port = app.defaultPort.map { ", or else the one on port \($0)" } ?? ""
        return CommandConfiguration(
            commandName: app.name,
            abstract: "Serve \(App.title) at its ingress rule's prefix, in the foreground, and keep it running.",
            usage: "crater-run \(app.name) [<options>] \(App.targetUsage) [-- <flags> ...]",
            discussion: """
                The rule is the one named \(names)\(port). crater-run waits until the rule exists.

                EXAMPLES
                \((App.examples + ["crater-run \(app.name) --dry-run"]).map { "  \($0)" }.joined(separator: "\n"))

                \(ExitCodes.ofApps)
                """
        )
    }
    static var name: String { App.identity.name }
    static var executable: Setting<String>? { .executable(of: App.self) }
    static var familiarFlags: FamiliarFlags { App.familiarFlags }
    static var table: OptionTable { table(Own.options, operands: .all) }

    @OptionGroup var own: Own
    @Option(.executable(of: App.self)) var executable: String?
    @OptionGroup(title: "Serving") var serve: ServeOptions
    @OptionGroup(title: "Annotations") var source: AnnotationsOptions

    @Argument(help: ArgumentHelp("\(App.targetHelp)", valueName: "words"), completion: .file())
    var words: [String] = []

    var given: GivenWords {
        var given = GivenWords()
        given.add(own.given)
        given.add(.executable(of: App.self), executable)
        given.add(serve.given)
        given.add(source.given)
        given.operands = words
        return given
    }

    static func app(_ settings: inout Settings) -> any WebApp {
        let app = App(words: Own.words(&settings) + settings.given.operands)
        if let misuse = app.misuse { settings.note(misuse) }
        return app
    }
}
