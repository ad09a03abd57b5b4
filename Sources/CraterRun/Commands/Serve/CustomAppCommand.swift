import ArgumentParser
import CraterRunCore

/// `crater-run app`.
struct CustomAppCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "app",
        abstract: "Serve any web app at an ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run app <rule> [<options>] -- <command> ...",
        discussion: """
            The command is started without a shell. In its arguments these placeholders are replaced:
              {port}      the port at which the app has to listen: the rule's
              {socket}    the path of a UNIX socket at which the app has to listen instead, behind the front door
              {prefix}    the rule's prefix without a slash at its end; empty at the root
              {prefix/}   the same with a slash
              {prefix:decoded}   {prefix} without escapes: @ instead of %40
              {name}      the rule's name
            Nothing is replaced in the program's name. The environment of the command has CRATER_PREFIX, and CRATER_PORT \
            or CRATER_SOCKET, with the same values. The app has to listen at all addresses, and to \
            answer below the prefix: the ingress forwards paths unchanged.

            The app is ready when it answers at its prefix, or at --ready-path below the prefix, with success, a \
            redirection or a demand for a login (401, 403).

            EXAMPLES
              crater-run app demo -- streamlit run app.py \\
                --server.port {port} --server.baseUrlPath {prefix:decoded}
              crater-run app runs --ready-path /health -- mlflow server \\
                --host 0.0.0.0 --port {port} --static-prefix {prefix:decoded}
              crater-run app demo --login --strip-prefix -- uvicorn main:app --uds {socket}
              crater-run app demo --dry-run -- ./serve.py

            \(ExitCodes.ofApps)
            """
    )
    static let name = "app"
    /// None: the flags of a custom command are not known.
    static var familiarFlags: FamiliarFlags { FamiliarFlags() }
    static var executable: Setting<String>? { nil }
    static var table: OptionTable {
        table([Setting.readyPath.declaration, Setting.appStopSignal.declaration], operands: .atMost(1))
    }

    @Argument(
        help: "The name of the ingress rule, which is the app's name too.", completion: Completions.rules,
        transform: RuleName.init)
    var name: RuleName

    @Option(.readyPath) var readyPath: String?
    @Option(.appStopSignal) var stopSignal: String?
    @OptionGroup(title: "Serving") var serve: ServeOptions
    @OptionGroup(title: "Annotations") var source: AnnotationsOptions

    @Argument(
        parsing: .postTerminator, help: "The app's command and its arguments.",
        completion: .file()
    )
    var command: [String]

    func validate() throws {
        if command.first?.isEmpty ?? true {
            throw ValidationError("The command of the app is missing: it goes after --.")
        }
    }

    var given: GivenWords {
        var given = GivenWords()
        given.add(.readyPath, readyPath)
        given.add(.appStopSignal, stopSignal)
        given.add(serve.given)
        given.add(source.given)
        given.operands = [name.text]
        given.passedOn = command
        return given
    }

    static func isComplete(_ given: GivenWords) -> Bool {
        guard let name = given.operands.first, let program = given.passedOn.first else { return false }
        return RuleName.isOne(name) && !program.isEmpty
    }

    static func app(_ settings: inout Settings) -> any WebApp {
        let path = settings.read(.readyPath)
        let signal = settings.read(.appStopSignal)
        return CustomApp(
            name: settings.given.operands.first ?? name,
            command: settings.given.passedOn,
            readyPath: path ?? "",
            stopSignal: signal ?? .terminate
        )
    }
}
