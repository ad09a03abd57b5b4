import CraterRunCore
import CraterRunLinux

/// The annotations file that a command reads.
struct PodSource {
    /// The path from the option, else from the environment variable, else the platform's default.
    let path: String

    init(_ settings: inout Settings) {
        path = settings.read(.annotations) ?? AnnotationsReadFailure.defaultPath
    }

    /// Reads the annotations file as it is now.
    func readAnnotations() throws(CommandFailure) -> AnnotationsFile {
        switch AnnotationsReader.read(path: path) {
        case .success(let bytes): return AnnotationsFile(parsing: bytes)
        case .failure(let failure): throw CommandFailure(failure.message, below: failure.below)
        }
    }

    /// The ingress rules in the file, and in the labels file beside it.
    func rules(of file: AnnotationsFile) -> IngressRules { AnnotationsReader.rules(of: file, path: path) }

    /// Prints what is wrong with the file, one line each.
    func complain(about file: AnnotationsFile) {
        for message in file.complaints { Console.complain(message) }
    }
}
