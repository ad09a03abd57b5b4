import CraterRunCore
import CraterRunLinux

/// A line of `up --app` or `CRATER_RUN_APPS`: the words that a user would type after `crater-run` to serve the app.
struct AppLine {
    /// Why a line cannot be used.
    struct Failure: Error {
        let line: AppLine
        /// Everything that is wrong with the line, as the end of a sentence.
        let reason: String

        var message: String { "cannot use the app line \(ShellQuoting.quote(line.text)): \(reason)" }
        var commandFailure: CommandFailure { CommandFailure(message, code: CommandFailure.Code.usage) }
    }

    let text: String
    /// No shell has read the line before, so crater-run itself replaces a `~`.
    private var homes: HomeDirectories { HomeDirectories(variables: { environmentVariable($0) }) }

    /// The app that the line is for.
    ///
    /// - Parameters:
    ///   - up: the settings of `up`. They apply to the app too, unless its line says otherwise.
    ///   - forgiven: gets a message for each wrong environment variable; the variable is then left out.
    /// - Throws: ``Failure`` with everything that is wrong with the line.
    func definition(under up: UpSettings, forgiven: inout [String]) throws(Failure) -> AppDefinition {
        let words: [String]
        do throws(ShellWords.SplitError) { words = try ShellWords.split(text, homes: homes) } catch {
            throw Failure(line: self, reason: error.reason)
        }
        do throws(Refusal) {
            return try AppWords(words).definition(under: up, forgiven: &forgiven)
        } catch {
            throw Failure(line: self, reason: error.reason)
        }
    }

    /// The app's name that an unusable line seems to give; nil if it gives none, or none that is safe in a path and on
    /// a terminal.
    var presumedName: String? {
        let words =
            (try? ShellWords.split(text, homes: homes)) ?? text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first else { return nil }
        let isCustom = first == CustomAppCommand.name
        let name = isCustom ? words.dropFirst().first { !$0.hasPrefix("-") } ?? first : first
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) }
        return isPlain && (1...63).contains(name.utf8.count) && !name.hasPrefix("-") ? name : nil
    }
}
