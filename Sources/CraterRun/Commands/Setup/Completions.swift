import ArgumentParser
import CraterRunCore
import CraterRunHTTP
import CraterRunLinux

/// The completions that a shell offers for the word that is being typed.
///
/// Errors are never reported: if something cannot be read, no completions are offered.
enum Completions {
    /// An empty list, for the app's own flags. If an argument has no completion at all, zsh shows its description, and
    /// then it does not insert options.
    static let nothing = CompletionKind.list([])
    /// The names of the pod's rules.
    static let rules = CompletionKind.custom { words, _, _ in
        guard let rules = podRules(for: words) else { return [] }
        // Only Jupyter can use the rule that is derived from the pod's label.
        let derived = words.contains(AppIdentity.jupyter.name) ? [rules.labelRule?.name].compactMap { $0 } : []
        return harmless(rules.rules.map(\.name) + derived)
    }
    /// The arguments of `rules`: the names of rules, and the names of apps whose rule has another name.
    static let rulesAndApps = CompletionKind.custom { words, _, _ in
        guard let rules = podRules(for: words) else { return [] }
        let names = rules.rules.map(\.name)
        let apps = AppIdentity.all.filter { app in
            guard case .found = RuleSelection.choose(for: app, in: rules) else { return false }
            return !names.contains(app.name)
        }
        return harmless(names + apps.map(\.name))
    }
    /// The words that an app line can begin with. They are not read from the commands, since this list is made before
    /// each job's start and must be fast.
    static let apps = CompletionKind.list(AppIdentity.all.map { $0.name } + ["app"])
    /// The names of the apps that the supervisors of this container have.
    static let runningApps = CompletionKind.custom { _, _, _ in
        harmless(Supervisors.find(within: .milliseconds(300)).answering.flatMap(\.status.apps).map(\.name))
    }
    /// The keys of the pod's annotations.
    static let annotations = CompletionKind.custom { words, _, _ in
        harmless(podAnnotations(for: words)?.file.entries.map { String(decoding: $0.key, as: UTF8.self) } ?? [])
    }
    /// Signals that are commonly used to end a program.
    static let signals = CompletionKind.list(
        [Signal.terminate, .interrupt, .quit, .hangup].map { String($0.description.dropFirst(3)) } + ["USR1", "USR2"])

    private static func podRules(for words: [String]) -> IngressRules? {
        podAnnotations(for: words).map { $0.source.rules(of: $0.file) }
    }

    /// The annotations in the file that the command line names so far, or in the default file.
    ///
    /// - Parameter words: the command line. bash splits `--annotations=FILE` into three words.
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

    /// The words without those that contain a shell's special characters: bash expands the completions that it is
    /// offered, and everybody who may annotate the pod can choose such names.
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
