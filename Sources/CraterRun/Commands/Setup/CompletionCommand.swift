import ArgumentParser

/// `crater-run completion`.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print what makes a shell complete crater-run's commands.",
        discussion: """
            Commands, options and their values are completed, and the names of this pod's ingress rules.

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

    /// The first word of a call from such a script, which asks for the completions of one argument.
    static let request = "---completion"
}
