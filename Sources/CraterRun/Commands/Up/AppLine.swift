import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// A line of `up --app` or `CRATER_RUN_APPS`: what one would type after `crater-run`.
struct AppLine {
    /// Why a line cannot be used.
    struct Failure: Error {
        let line: AppLine
        /// All that is wrong with it, as the end of a sentence.
        let reason: String

        var message: String { "cannot use the app line \(ShellQuoting.quote(line.text)): \(reason)" }
        var commandFailure: CommandFailure { CommandFailure(message, code: CommandFailure.Code.usage) }
    }

    let text: String

    /// The lines of the options, or else of the environment.
    static func all(_ given: [String]) -> [AppLine] {
        if !given.isEmpty { return given.map(AppLine.init) }
        let lines = environmentVariable("CRATER_RUN_APPS")?.split(whereSeparator: \.isNewline).map(String.init) ?? []
        return lines.filter { !$0.allSatisfy(\.isWhitespace) }.map(AppLine.init)
    }

    /// The app that the line is for.
    ///
    /// - Parameters:
    ///   - up: the settings of `up`, which hold for the app where its line does not say otherwise.
    ///   - forgiven: what is wrong with environment variables; each is done without.
    /// - Throws: ``Failure`` with all that is wrong with the line.
    func definition(under up: UpSettings, forgiven: inout [String]) throws(Failure) -> AppDefinition {
        let words: [String]
        do throws(ShellWords.SplitError) { words = try ShellWords.split(text) } catch {
            throw Failure(line: self, reason: error.reason)
        }
        do throws(AppWords.Problem) {
            return try AppWords(words).definition(under: up, forgiven: &forgiven)
        } catch {
            throw Failure(line: self, reason: error.reason)
        }
    }

    /// The name of the app that a line seems to ask for, where it cannot be used; nil where it does not say, or not in a way that
    /// can stand in a path and on a terminal.
    var presumedName: String? {
        let words = (try? ShellWords.split(text)) ?? text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first else { return nil }
        let isCustom = first == CustomAppCommand.configuration.commandName
        let name = isCustom ? words.dropFirst().first { !$0.hasPrefix("-") } ?? first : first
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) }
        return isPlain && (1...63).contains(name.utf8.count) && !name.hasPrefix("-") ? name : nil
    }
}

/// What one would type after `crater-run` to serve an app, in words.
struct AppWords {
    /// What is wrong with them, as the end of a sentence.
    struct Problem: Error {
        let reason: String
    }

    private let words: [String]
    /// The environment that the options' variables are read from.
    private let variables: @Sendable (String) -> String?

    init(_ words: [String], variables: @escaping @Sendable (String) -> String? = { environmentVariable($0) }) {
        self.words = words
        self.variables = variables
    }

    /// The app that they are for; see ``AppLine/definition(under:forgiven:)``.
    func definition(under up: UpSettings, forgiven: inout [String]) throws(Problem) -> AppDefinition {
        let choices = "it must begin with one of \(CraterRun.appNames.joined(separator: ", "))"
        guard let name = words.first, CraterRun.appNames.contains(name) else { throw Problem(reason: choices) }
        let command: any ParsableCommand
        do { command = try CraterRun.parseAsRoot(words) } catch {
            let hint = (CraterRun.hinted(error, words: words) as? CommandFailure)?.message
            let message = ParserMessage(CraterRun.message(for: error), words: words).first
            throw Problem(reason: hint ?? (message.isEmpty ? "it asks for help" : message))
        }
        guard let serving = command as? any ServingCommand else { throw Problem(reason: choices) }
        var settings = Settings(variables: variables)
        var definition = serving.definition(in: .up, publicHost: up.publicHost, settings: &settings)
        if let prefixes = up.prefixesOutput, serving.serve.log.logPrefix == nil { definition.prefixesOutput = prefixes }
        let misplaced = serving.misplacedFlags
        if !misplaced.isEmpty {
            settings.note("\(misplaced.joined(separator: ", ")): this belongs to up itself, or to the command by hand")
        }
        forgiven += settings.environmentProblems.filter { !forgiven.contains($0) }
        let problems = settings.problems.filter { !settings.environmentProblems.contains($0) }
        guard problems.isEmpty else { throw Problem(reason: problems.joined(separator: "; ")) }
        return definition
    }
}

extension ServingCommand {
    /// Flags that are given and make no sense beside other apps.
    fileprivate var misplacedFlags: [String] {
        [
            serve.dryRun ? "--dry-run" : nil,
            serve.wait.map { _ in "--wait" },
            serve.detach ? "--detach" : nil,
            serve.replace ? "--replace" : nil,
            serve.health.healthPort.map { _ in "--health-port" },
            serve.health.readyWhen.map { _ in "--ready-when" },
            serve.log.logLevel.map { _ in "--log-level" },
            serve.log.logFormat.map { _ in "--log-format" },
            source.annotations.map { _ in "--annotations" },
            source.publicHost.map { _ in "--public-host" },
        ].compactMap { $0 }
    }
}
