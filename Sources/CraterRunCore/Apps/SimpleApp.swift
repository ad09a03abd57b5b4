/// An app whose user gives only the targets to open and the app's own flags. A new simple app needs one type in a file
/// of its own and one line in ``SimpleApps/all``: these members make its command and its help.
package protocol SimpleApp: WebApp {
    static var identity: AppIdentity { get }
    /// The app's name as its makers write it.
    static var title: String { get }
    /// What the user can open, for the help: `A notebook or a directory. Default: the working directory.`
    static var targetHelp: String { get }
    /// What the user can open, for the usage: `[<notebook>]`.
    static var targetUsage: String { get }
    /// One or more example command lines for the help.
    static var examples: [String] { get }
    /// The help of `--executable`.
    static var executableHelp: String { get }
    /// Whether the app's command has the option `--logdir`. If so, the app's words begin with `--logdir` and the
    /// directory.
    static var takesLogDirectory: Bool { get }

    /// The app's subcommands that serve. Users may type one of them first, as in the app's own command line.
    static var subcommands: Set<String> { get }
    /// The word that ends the app's flags: the words after it belong to the script or notebook that the app opens.
    static var endOfFlags: String { get }

    /// The app's flags that the rule decides; none for a script's own words.
    static var ruleFlags: RuleFlags { get }
    /// The app's flags that people type before the `--`.
    static var familiarFlags: FamiliarFlags { get }

    /// - Parameter words: what to open, then the user's own flags.
    init(_ words: PassedWords)

    /// Why the app cannot be served with the user's words; nil if it can be.
    var misuse: String? { get }
}

extension SimpleApp {
    package static var targetUsage: String { "[<target>]" }
    package static var executableHelp: String { "The \(title) to run." }
    package static var takesLogDirectory: Bool { false }

    package static var subcommands: Set<String> { [] }
    package static var endOfFlags: String { "--" }
    package static var ruleFlags: RuleFlags { RuleFlags() }
    package static var familiarFlags: FamiliarFlags { FamiliarFlags(of: ruleFlags) }

    package init(words: [String] = []) {
        self.init(PassedWords(words, without: Self.subcommands, endOfFlags: Self.endOfFlags))
    }

    package var identity: AppIdentity { Self.identity }
    package var misuse: String? { nil }

    // Defaults that fit most simple apps.
    package var stopSignal: Signal { .terminate }
    package var environment: EnvironmentEdits {
        guard isViewer else { return EnvironmentEdits() }
        return EnvironmentEdits([
            // A viewer sees no GPU, so it takes no GPU memory from the training beside it.
            "CUDA_VISIBLE_DEVICES": "",
            // A viewer may start Python again (`python -m uvicorn`). Without this variable, which Python has since 3.11,
            // that Python would import a file of the working directory, such as random.py, instead of its own module.
            "PYTHONSAFEPATH": "1",
        ])
    }
    package var dataDirectory: String? { nil }
    package var surroundings: Set<Surrounding> { [.home] }
}
