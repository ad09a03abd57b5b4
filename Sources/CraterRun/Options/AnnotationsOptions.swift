import ArgumentParser
import CraterRunCore

/// The options for the annotations file and the public host. Every command that serves an app or shows rules has them.
struct AnnotationsOptions: ParsableArguments {
    @Option(.annotations) var annotations: String?
    @Option(.publicHost) var publicHost: String?

    func validate() throws {
        if annotations == "" { throw ValidationError("The value of '--annotations <file>' is empty.") }
    }

    var given: GivenWords {
        var given = GivenWords()
        given.add(.annotations, annotations)
        given.add(.publicHost, publicHost)
        return given
    }

    /// The annotations file that the options name.
    var pod: PodSource {
        var settings = Settings(given)
        return PodSource(&settings)
    }
}
