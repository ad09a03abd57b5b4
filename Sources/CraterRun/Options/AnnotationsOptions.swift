import ArgumentParser
import CraterRunCore

/// Where the rules are read from and under which host they are reached; every command that serves an app has these.
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

    /// The annotations file that is meant.
    var pod: PodSource {
        var settings = Settings(given)
        return PodSource(&settings)
    }
}
