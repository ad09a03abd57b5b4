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
    /// As a shell would expand a `~`, before which nobody else has seen the line.
    private var homes: HomeDirectories { HomeDirectories(variables: { environmentVariable($0) }) }

    /// The app that the line is for.
    ///
    /// - Parameters:
    ///   - up: the settings of `up`, which hold for the app where its line does not say otherwise.
    ///   - forgiven: what is wrong with environment variables; each is done without.
    /// - Throws: ``Failure`` with all that is wrong with the line.
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

    /// The name of the app that a line seems to ask for, where it cannot be used; nil where it does not say, or not in a way that
    /// can stand in a path and on a terminal.
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
