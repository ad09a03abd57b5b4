import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// What a shell offers for the word that is being typed.
///
/// Nothing here fails or says anything: where there is nothing to be read, nothing is offered.
enum Completions {
    /// For flags of the app's own. No completion at all would have zsh explain them, and then it does not insert options.
    static let nothing = CompletionKind.list([])
    /// The names of the pod's rules.
    static let rules = CompletionKind.custom { words, _, _ in
        guard let rules = podRules(for: words) else { return [] }
        // What is derived from the pod's label is for a Jupyter alone.
        let derived = words.contains(AppIdentity.jupyter.name) ? [rules.labelRule?.name].compactMap { $0 } : []
        return harmless(rules.rules.map(\.name) + derived)
    }
    /// What `rules` takes: a rule's name, or an app's that has one under another name.
    static let rulesAndApps = CompletionKind.custom { words, _, _ in
        guard let rules = podRules(for: words) else { return [] }
        let names = rules.rules.map(\.name)
        let apps = AppIdentity.all.filter { app in
            guard case .found = RuleSelection.choose(for: app, in: rules) else { return false }
            return !names.contains(app.name)
        }
        return harmless(names + apps.map(\.name))
    }
    /// What an app line begins with. Not by way of the commands: this is looked at before each job is started.
    static let apps = CompletionKind.list(AppIdentity.all.map { $0.name } + ["app"])
    /// The apps that supervisors of this container have.
    static let runningApps = CompletionKind.custom { _, _, _ in
        harmless(Supervisors.find(within: .milliseconds(300)).answering.flatMap(\.status.apps).map(\.name))
    }
    /// The keys of the pod's annotations.
    static let annotations = CompletionKind.custom { words, _, _ in
        harmless(podAnnotations(for: words)?.file.entries.map { String(decoding: $0.key, as: UTF8.self) } ?? [])
    }
    /// Signals that one would end a program with.
    static let signals = CompletionKind.list(
        [Signal.terminate, .interrupt, .quit, .hangup].map { String($0.description.dropFirst(3)) } + ["USR1", "USR2"])

    private static func podRules(for words: [String]) -> IngressRules? {
        podAnnotations(for: words).map { $0.source.rules(of: $0.file) }
    }

    /// The annotations that are meant: what was typed so far counts.
    ///
    /// - Parameter words: the command line; bash makes three words of `--annotations=FILE`.
    private static func podAnnotations(for words: [String]) -> (source: PodSource, file: AnnotationsFile)? {
        let option = Setting.annotations.declaration.option ?? ""
        let own = words.prefix { $0 != "--" }
        var rest = own.drop { $0 != option }.dropFirst()
        if rest.first == "=" { rest = rest.dropFirst() }
        let joined = own.first { $0.hasPrefix("\(option)=") }?.dropFirst(option.count + 1)
        var given = GivenWords()
        given.add(.annotations, rest.first ?? joined.map { String($0) })
        var settings = Settings(given)
        let source = PodSource(&settings)
        guard let file = try? source.readAnnotations() else { return nil }
        return (source, file)
    }

    /// Without what a shell could take for more than a word: bash expands what it is offered, and anybody who may annotate
    /// the pod may write there.
    private static func harmless(_ words: [String]) -> [String] {
        words.filter { word in
            word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_./".utf8.contains(byte)
                }
            }
        }
    }
}
