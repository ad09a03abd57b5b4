import ArgumentParser
import CraterRunCore

/// `crater-run app`.
struct CustomAppCommand: ServingCommand {
    static let configuration = CommandConfiguration(
        commandName: "app",
        abstract: "Serve any web app at an ingress rule's prefix, in the foreground, and keep it running.",
        usage: "crater-run app <rule> [<options>] -- <command> ...",
        discussion: """
            The command is started without a shell. In its words these are replaced:
              {port}      the rule's port
              {prefix}    the rule's prefix without a slash at its end; empty at the root
              {prefix/}   the same with a slash
              {name}      the rule's name
            The command's own name is taken as it is. CRATER_PORT and CRATER_PREFIX are in its environment too, as {port} and \
            {prefix}. The app has to listen at all addresses, and to answer below the prefix: the ingress forwards paths unchanged.

            It is ready when it answers at its prefix, or at --ready-path below it, with success, a redirection, or the \
            wish for a login (401, 403).

            EXAMPLES
              crater-run app demo -- streamlit run app.py \\
                --server.port {port} --server.baseUrlPath {prefix}
              crater-run app runs --ready-path /health -- mlflow server \\
                --host 0.0.0.0 --port {port} --static-prefix {prefix}
              crater-run app demo --dry-run -- ./serve.py

            \(ExitCodes.ofApps)
            """
    )
    static let executableVariable: String? = nil

    @Argument(
        help: "The name of the ingress rule, which is the app's name too.", completion: Completions.rules,
        transform: RuleName.init)
    var name: RuleName

    @Option(
        help: ArgumentHelp(
            "Where below the prefix the app answers when it is ready. Default: the prefix itself, with a slash at its end. "
                + "[CRATER_RUN_READY_PATH]",
            valueName: "path"
        )
    )
    var readyPath: String?

    @Option(
        help: ArgumentHelp(
            "What asks the app to stop: a signal's name or number. Default: SIGTERM. [CRATER_RUN_APP_STOP_SIGNAL]",
            valueName: "signal"
        ),
        completion: Completions.signals
    )
    var stopSignal: String?

    @OptionGroup(title: "Serving")
    var serve: ServeOptions

    @OptionGroup(title: "Annotations")
    var source: AnnotationsOptions

    @Argument(
        parsing: .postTerminator, help: "The app's command and its arguments.",
        completion: .file()
    )
    var command: [String]

    var executable: String? { nil }

    func validate() throws {
        if command.first?.isEmpty ?? true {
            throw ValidationError("The command of the app is missing: it goes after --.")
        }
    }

    func app(settings: inout Settings) -> any WebApp {
        let path = settings.read(
            "--ready-path",
            readyPath,
            variable: "CRATER_RUN_READY_PATH",
            expected: "a path such as /health, without spaces"
        ) { text in
            text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? (text.hasPrefix("/") ? text : "/\(text)") : nil
        }
        let signal = settings.read(
            "--stop-signal",
            stopSignal,
            variable: "CRATER_RUN_APP_STOP_SIGNAL",
            expected: "a signal such as TERM, SIGINT or 15, and not KILL or STOP",
            Signal.init(name:)
        )
        return CustomApp(
            name: name.text,
            command: command,
            readyPath: path ?? "",
            stopSignal: signal ?? .terminate
        )
    }
}

/// The name of a rule as an annotation's key can have it: at most 63 letters, digits, `-`, `_` and `.`, no punctuation at its
/// ends.
struct RuleName {
    let text: String

    init(_ text: String) throws {
        let isAlphanumeric = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard text.utf8.count <= 63, text.utf8.first.map(isAlphanumeric) ?? false,
            text.utf8.last.map(isAlphanumeric) ?? false,
            text.utf8.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) })
        else { throw ValidationError("'\(text)' cannot be the name of an ingress rule.") }
        self.text = text
    }
}
