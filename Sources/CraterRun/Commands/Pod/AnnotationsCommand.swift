import ArgumentParser
import CraterRunCore
import CraterRunHTTP

/// Shows the annotations of the Pod, or the value of one of them.
struct AnnotationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotations",
        abstract: "Show the annotations of the pod.",
        usage: "crater-run annotations [<key>] [<options>]",
        discussion: """
            With a key, prints that annotation's value byte for byte and nothing else. On a terminal, characters that \
            cannot be printed are escaped.

            EXAMPLES
              crater-run annotations
              crater-run annotations crater.raids.io/task-name
              crater-run annotations --output json

            EXIT CODES
              1       the output cannot be written
              64      wrong usage
              78      no annotations file, or no such annotation
            """
    )

    @Argument(help: "An annotation's key, such as crater.raids.io/task-name.", completion: Completions.annotations)
    var key: String?

    @OptionGroup var output: OutputOptions

    @OptionGroup var source: AnnotationsOptions

    func run() throws {
        var settings = Settings(output.given)
        let format = settings.read(.output) ?? .text
        try settings.check()
        let file = try source.pod.readAnnotations()
        if let key {
            try show(key, in: file, as: format)
        } else {
            try showAll(file, as: format)
            source.pod.complain(about: file)
        }
    }

    private func show(_ key: String, in file: AnnotationsFile, as format: OutputFormat) throws(CommandFailure) {
        guard let value = file[key] else {
            source.pod.complain(about: file)
            let shown = PrintableText.escape(key.utf8, limit: 320)
            throw CommandFailure(
                "cannot find the annotation \(shown): \(source.pod.path) does not have it")
        }
        if format == .json {
            try Console.json([key: String(decoding: value, as: UTF8.self)])
        } else {
            try Console.value(value)
        }
    }

    private func showAll(_ file: AnnotationsFile, as format: OutputFormat) throws(CommandFailure) {
        if format == .json {
            let pairs = file.entries.map {
                (String(decoding: $0.key, as: UTF8.self), String(decoding: $0.value, as: UTF8.self))
            }
            try Console.json(Dictionary(pairs, uniquingKeysWith: { $1 }))
        } else {
            // Values are bytes. Bytes that are not UTF-8 are escaped here, since a conversion to text would lose them.
            try Console.page(
                Page(file.entries.map { "\(PrintableText.escape($0.key)): \(PrintableText.escape($0.value))" }))
        }
    }
}
