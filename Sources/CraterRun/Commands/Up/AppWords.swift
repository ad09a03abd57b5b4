import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// The words that a user would type after `crater-run` to serve an app.
struct AppWords {
    private let words: [String]
    /// Looks an environment variable up: in our own environment, or in that of the terminal that hands the app over.
    private let variables: @Sendable (String) -> String?

    init(_ words: [String], variables: @escaping @Sendable (String) -> String? = { environmentVariable($0) }) {
        self.words = words
        self.variables = variables
    }

    /// The app that the words are for; see ``AppLine/definition(under:forgiven:)``.
    func definition(under up: UpSettings, forgiven: inout [String]) throws(Refusal) -> AppDefinition {
        let request = if let plain = AppRequest(plain: words) { plain } else { try parsed() }
        var settings = Settings(request.given, variables: variables, homes: HomeDirectories(variables: variables))
        var definition = request.definition(in: .up, publicHost: up.publicHost, under: up.door, settings: &settings)
        if let prefixes = up.prefixesOutput, request.given[.logPrefix] == nil { definition.prefixesOutput = prefixes }
        let misplaced = request.misplacedOptions
        if !misplaced.isEmpty {
            settings.note(
                "\(misplaced.joined(separator: ", ")): only up itself, or the command in the foreground, takes this")
        }
        forgiven += settings.environmentProblems.filter { !forgiven.contains($0) }
        let problems = settings.problems.filter { !settings.environmentProblems.contains($0) }
        guard problems.isEmpty else { throw Refusal(problems.joined(separator: "; ")) }
        return definition
    }

    /// Parses the words with the library.
    private func parsed() throws(Refusal) -> AppRequest {
        let choices = "it must begin with one of \(ServingCommands.names.joined(separator: ", "))"
        guard let name = words.first, ServingCommands.names.contains(name) else { throw Refusal(choices) }
        let command: any ParsableCommand
        do { command = try CraterRun.parseAsRoot(ServingCommands.sorted(words)) } catch {
            let hint = (CraterRun.hinted(error, words: words) as? CommandFailure)?.message
            let message = ParserMessage(CraterRun.message(for: error), words: words).first
            throw Refusal(hint ?? (message.isEmpty ? "it asks for help" : message))
        }
        guard let serving = command as? any ServingCommand else { throw Refusal(choices) }
        return AppRequest(type(of: serving), serving.given)
    }
}
