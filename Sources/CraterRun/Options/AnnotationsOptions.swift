import ArgumentParser
import CraterRunCore
import CraterRunLinux

/// Where the rules are read from and under which host they are reached; every command that serves an app has these.
struct AnnotationsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            The annotations file of the Pod's downward-API volume. \
            Default: \(AnnotationsReadFailure.defaultPath). [CRATER_RUN_ANNOTATIONS]
            """,
            valueName: "file"
        ),
        completion: .file()
    )
    var annotations: String?

    @Option(
        help: ArgumentHelp(
            """
            The host in the URLs of rules that name none themselves: host, host:port or https://host. \
            Default: none, only the path is shown. [CRATER_RUN_PUBLIC_HOST]
            """,
            valueName: "host"
        )
    )
    var publicHost: String?

    func validate() throws {
        if annotations == "" { throw ValidationError("The value of '--annotations <file>' is empty.") }
    }

    /// The annotations file's path: the flag's, else the variable's, else the platform's.
    var annotationsPath: String { Self.path(given: annotations) }

    static func path(given: String?) -> String {
        given ?? environmentVariable("CRATER_RUN_ANNOTATIONS") ?? AnnotationsReadFailure.defaultPath
    }

    /// The flag's host, else the variable's; one that is none is noted in `settings`.
    func publicHost(settings: inout Settings) -> PublicHost? {
        settings.read(
            "--public-host",
            publicHost,
            variable: "CRATER_RUN_PUBLIC_HOST",
            expected: "host, host:port or https://host"
        ) { try? PublicHost($0) }
    }

    /// Reads the annotations file as it is now.
    func readAnnotations() throws(CommandFailure) -> AnnotationsFile {
        switch AnnotationsReader.read(path: annotationsPath) {
        case .success(let bytes): return AnnotationsFile(parsing: bytes)
        case .failure(let failure): throw CommandFailure(failure.message, below: failure.below)
        }
    }

    /// Prints what is wrong with the file, one line each.
    func complain(about file: AnnotationsFile) {
        for message in file.complaints { Console.complain(message) }
    }
}
