import ArgumentParser
import CraterRunCore

/// The options that only some simple apps have, beside the options of all commands that serve an app.
protocol SimpleAppOptions: ParsableArguments {
    static var options: [SettingDeclaration] { get }
    /// The app's words that follow from these options. They come before the words that the user typed.
    static func words(_ settings: inout Settings) -> [String]
    var given: GivenWords { get }
}

/// For apps without options of their own.
struct NoOptions: SimpleAppOptions {
    static let options: [SettingDeclaration] = []
    static func words(_ settings: inout Settings) -> [String] { [] }
    var given: GivenWords { GivenWords() }
}

/// For apps with `--logdir`.
struct LogDirectoryOption: SimpleAppOptions {
    static let options = [Setting.logDirectory.declaration]

    @Option(.logDirectory) var logdir: String?

    static func words(_ settings: inout Settings) -> [String] {
        if let given = settings.readGiven(.logDirectory) { return ["--logdir", given] }
        // A `--logdir` after the -- takes precedence over the variable.
        guard !settings.given.operands.contains(where: { $0.hasPrefix("--lo") }) else { return [] }
        return settings.variable(.logDirectory).map { ["--logdir", $0] } ?? []
    }

    var given: GivenWords {
        var given = GivenWords()
        given.add(.logDirectory, logdir)
        return given
    }
}
