/// Flags of an app that people type from habit before the `--`, where only crater-run's own options belong. crater-run
/// moves these flags behind the `--`.
package struct FamiliarFlags: Sendable {
    /// The flags that have a value.
    package var withValue: Set<String> = []
    /// The flags that have no value.
    package var alone: Set<String> = []
    /// Other names of crater-run's own options, which the app uses: crater-run's name by the app's name.
    package var names: [String: String] = [:]

    /// Whether the app has a `--prefix` of its own. If so, `--prefix` without `--port` is the app's flag, which must
    /// agree with the rule; `--prefix /` and `--prefix` beside `--port` are crater-run's, and stand for a rule.
    package var hasPrefix = false

    package init(
        withValue: Set<String> = [], alone: Set<String> = [], names: [String: String] = [:], hasPrefix: Bool = false
    ) {
        self.withValue = withValue
        self.alone = alone
        self.names = names
        self.hasPrefix = hasPrefix
    }

    /// The app's flags that the rule decides. `-h` is crater-run's.
    init(of rule: RuleFlags, alone: Set<String> = []) {
        let flags = (rule.address + rule.prefix).map(\.name)
        withValue = Set(flags).subtracting(["-h", "--prefix"])
        self.alone = alone
        for flag in rule.port where flag.name != "--port" { names[flag.name] = "--port" }
        hasPrefix = flags.contains("--prefix")
    }

    package static let tensorBoard = FamiliarFlags(
        withValue: ["--host", "--path_prefix"], alone: ["--bind_all"])

    package static let jupyter = FamiliarFlags(
        withValue: ["--ip", "--base_url", "--base-url", "--port-retries"],
        alone: ["--no-browser", "--allow-root"],
        names: [
            "--notebook_dir": "--notebook-dir", "--ServerApp.port": "--port", "--NotebookApp.port": "--port",
            "--LabApp.port": "--port",
        ])

    package static let visdom = FamiliarFlags(
        withValue: ["--hostname", "-hostname", "-base_url", "--base_url"],
        names: ["-port": "--port", "-env_path": "--env-path", "--env_path": "--env-path"])

    /// A word of the command line, taken apart.
    ///
    /// - Returns: the flag's name, as crater-run has it if the flag is one of crater-run's, and the value in the same
    ///   word, if there is one.
    fileprivate func parts(of word: String) -> (name: String, value: String?) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let typed = parts.first ?? word
        // A flag of one letter with its value in the same word: -p8600.
        if word.utf8.count > 2, !word.hasPrefix("--"), let name = names[String(word.prefix(2))],
            word.dropFirst(2).allSatisfy(\.isNumber)
        {
            return (name, String(word.dropFirst(2)))
        }
        return (names[typed] ?? typed, parts.dropFirst().first)
    }

    /// Whether a flag has a value; nil if the flag is not one of the app's.
    fileprivate func hasValue(_ flag: String) -> Bool? {
        if withValue.contains(flag) { return true }
        if alone.contains(flag) { return false }
        // A flag with a dot is the app's, such as `--ServerApp.token`: crater-run's own options have no dots.
        return flag.hasPrefix("--") && flag.dropFirst(2).contains(".") ? true : nil
    }
}

extension OptionTable {
    /// Moves the app's own flags behind the `--`. The app's definition then checks whether these flags agree with the
    /// rule.
    ///
    /// - Parameter words: the words after the command's name.
    package func sorted(_ words: some Collection<String>, moving flags: FamiliarFlags) -> [String] {
        let end = words.firstIndex(of: "--") ?? words.endIndex
        var rest = words[..<end]
        let takesPrefix = flags.hasPrefix && !rest.contains { flags.parts(of: $0).name == "--port" }
        var own: [String] = []
        var moved: [String] = []
        while let word = rest.popFirst() {
            let (name, value) = flags.parts(of: word)
            let given = [value.map { "\(name)=\($0)" } ?? name]
            if takesPrefix, name == "--prefix", let path = value ?? rest.first, path != "/" {
                moved += given
                if value == nil { moved += rest.popFirst().map { [$0] } ?? [] }
            } else if let option = options.first(where: { $0.option == name }) {
                own += given
                if option.form != .flag, value == nil, let next = rest.popFirst() { own.append(next) }
            } else if let hasValue = flags.hasValue(name) {
                moved += given
                if hasValue, value == nil, let next = rest.first, !next.hasPrefix("-") {
                    moved.append(next)
                    rest = rest.dropFirst()
                }
            } else {
                own.append(word)
            }
        }
        guard !moved.isEmpty else { return own + words[end...] }
        return own + ["--"] + moved + words[end...].dropFirst()
    }

    /// crater-run's own options among the words that are passed on to an app. The user has typed them behind the `--`
    /// by mistake. Options whose names apps use too are left out, since the user may mean the app's flag.
    package func misplaced(in passedOn: [String]) -> [String] {
        let shared: Set<String> = [
            "--port", "--prefix", "--logdir", "--notebook-dir", "--env-path", "--interface", "--log-level",
            "--log-format",
            "--restart", "--stop-signal", "--executable",
        ]
        let own = Set(options.compactMap(\.option)).subtracting(shared)
        // The words behind a second `--`, or behind `--args` of Bokeh and Panel, belong to the script or notebook that the
        // app opens.
        return passedOn.prefix { $0 != "--" && $0 != "--args" }.compactMap { word in
            word.split(separator: "=", maxSplits: 1).first.map(String.init)
        }.filter(own.contains)
    }
}
