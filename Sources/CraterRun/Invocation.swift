import ArgumentParser
import CraterRunCore

/// What a command line asks for.
enum Invocation {
    case up(GivenWords)
    case supervisor(GivenWords)
    case probe(Probe)
    case serving(AppRequest)
    /// What only the library reads: nobody waits for it but a person.
    case other(any ParsableCommand)

    /// What the words say where a table of options can read them; nil where the library has to.
    init?(plain words: [String]) {
        switch words.first {
        case "up":
            // A job waits, most often of an `up` without options.
            guard let given = words.count == 1 ? GivenWords() : OptionTable.up.read(words.dropFirst()) else {
                return nil
            }
            self = .up(given)
        case "supervisor":
            guard let given = OptionTable.supervisor.read(words.dropFirst()), UpSupervision.isComplete(given) else {
                return nil
            }
            self = .supervisor(given)
        case "probe":
            guard let probe = OptionTable.probe.read(words.dropFirst()).flatMap(Probe.init) else { return nil }
            self = .probe(probe)
        default:
            guard let request = AppRequest(plain: words) else { return nil }
            self = .serving(request)
        }
    }

    /// What the library makes of the words.
    init(parsing words: [String]) throws {
        // In front of a job, half of the time is worth saving that it takes to find `up` among all commands. What is wrong with
        // the words is told by the ordinary way.
        let up = words.first == "up" ? try? UpCommand.parse(Array(words.dropFirst())) : nil
        self = .init(try up ?? CraterRun.parseAsRoot(ServingCommands.sorted(words)))
    }

    private init(_ command: any ParsableCommand) {
        switch command {
        case let up as UpCommand: self = .up(up.given)
        case let supervisor as UpSupervisorCommand: self = .supervisor(supervisor.given)
        case let probe as ProbeCommand: self = Probe(probe.given).map { .probe($0) } ?? .other(probe)
        case let serving as any ServingCommand: self = .serving(AppRequest(type(of: serving), serving.given))
        default: self = .other(command)
        }
    }
}
