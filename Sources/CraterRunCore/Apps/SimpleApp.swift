/// An app that takes from its user only what to open and its own flags. To add one takes one type in a file and one line in
/// ``SimpleApps/all``: the app's command and help are made from these members.
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
    /// What its `--executable` is, for the help.
    static var executableHelp: String { get }
    /// Whether its command has `--logdir`. The directory comes as the first of the words, after `--logdir`.
    static var takesLogDirectory: Bool { get }

    /// - Parameter words: what to open, then the user's own flags.
    init(_ words: PassedWords)

    /// Why nothing can be served by these words; nil if it can.
    var misuse: String? { get }
}

extension SimpleApp {
    package static var targetUsage: String { "[<target>]" }
    package static var executableHelp: String { "The \(title) to run." }
    package static var takesLogDirectory: Bool { false }

    package init(words: [String] = []) { self.init(PassedWords(words)) }

    package var identity: AppIdentity { Self.identity }
    package var misuse: String? { nil }

    // What most of them have in common.
    package var stopSignal: Signal { .terminate }
    package var environment: EnvironmentEdits {
        // What only shows data takes no memory of a GPU from the training beside it.
        isViewer ? EnvironmentEdits(["CUDA_VISIBLE_DEVICES": ""]) : EnvironmentEdits()
    }
    package var dataDirectory: String? { nil }
    package var surroundings: Set<Surrounding> { [.home] }
}
