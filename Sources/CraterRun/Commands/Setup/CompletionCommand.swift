import ArgumentParser

/// `crater-run completion`.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print a script that makes a shell complete crater-run's commands.",
        discussion: """
            The shell then completes commands, options and their values, and the names of this pod's ingress rules.

            EXAMPLES
              source <(crater-run completion bash)      # in ~/.bashrc
              source <(crater-run completion zsh)       # in ~/.zshrc, after compinit
              crater-run completion fish | source       # in ~/.config/fish/config.fish
            """
    )

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish

        fileprivate var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        try Console.script(CraterRun.completionScript(for: shell.completionShell))
    }

    /// The first word with which such a script calls crater-run to get the completions of one argument.
    static let request = "---completion"
}
