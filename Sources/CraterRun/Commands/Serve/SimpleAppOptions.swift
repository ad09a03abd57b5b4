import ArgumentParser
import CraterRunCore

/// The options that a simple app's command has beside those of all commands.
protocol SimpleAppOptions: ParsableArguments {
    static var options: [SettingDeclaration] { get }
    /// What they say, as the first of the app's words.
    static func words(_ settings: inout Settings) -> [String]
    var given: GivenWords { get }
}

/// None.
struct NoOptions: SimpleAppOptions {
    static let options: [SettingDeclaration] = []
    static func words(_ settings: inout Settings) -> [String] { [] }
    var given: GivenWords { GivenWords() }
}

/// `--logdir`.
struct LogDirectoryOption: SimpleAppOptions {
    static let options = [Setting.logDirectory.declaration]

    @Option(.logDirectory) var logdir: String?

    static func words(_ settings: inout Settings) -> [String] {
        if let given = settings.readGiven(.logDirectory) { return ["--logdir", given] }
        // What the environment says must not get into the way of flags after the --.
        guard !settings.given.operands.contains(where: { $0.hasPrefix("--lo") }) else { return [] }
        return settings.variable(.logDirectory).map { ["--logdir", $0] } ?? []
    }

    var given: GivenWords {
        var given = GivenWords()
        given.add(.logDirectory, logdir)
        return given
    }
}
