import ArgumentParser
import CraterRunCore

/// What a command line asks for.
enum Invocation {
    case up(GivenWords)
    case supervisor(GivenWords)
    /// The front door, with the descriptor of its link.
    case door(link: Int32)
    case probe(Probe)
    case serving(AppRequest)
    /// A command that only the library parses. That is slower, but only a person waits for it.
    case other(any ParsableCommand)

    /// Parses the words with our own tables of options, which is faster than the library. Nil if the library has to
    /// parse them.
    init?(plain words: [String]) {
        switch words.first {
        case "up":
            // A job waits for this parse. Most often `up` has no options, so this case is short.
            guard let given = words.count == 1 ? GivenWords() : OptionTable.up.read(words.dropFirst()) else {
                return nil
            }
            self = .up(given)
        case "supervisor":
            guard let given = OptionTable.supervisor.read(words.dropFirst()), UpSupervision.isComplete(given) else {
                return nil
            }
            self = .supervisor(given)
        case "door":
            guard let link = OptionTable.door.read(words.dropFirst()).flatMap(DoorCommand.link) else { return nil }
            self = .door(link: link)
        case "probe":
            guard let probe = OptionTable.probe.read(words.dropFirst()).flatMap(Probe.init) else { return nil }
            self = .probe(probe)
        default:
            guard let request = AppRequest(plain: words) else { return nil }
            self = .serving(request)
        }
    }

    /// Parses the words with the library.
    init(parsing words: [String]) throws {
        // A job waits, and `up` alone takes half of the time that the library needs with all commands. If the words are
        // wrong, the parse of all commands below reports it.
        let up = words.first == "up" ? try? UpCommand.parse(Array(words.dropFirst())) : nil
        self = .init(try up ?? CraterRun.parseAsRoot(ServingCommands.sorted(words)))
    }

    private init(_ command: any ParsableCommand) {
        switch command {
        case let up as UpCommand: self = .up(up.given)
        case let supervisor as UpSupervisorCommand: self = .supervisor(supervisor.given)
        case let door as DoorCommand: self = .door(link: door.link)
        case let probe as ProbeCommand: self = Probe(probe.given).map { .probe($0) } ?? .other(probe)
        case let serving as any ServingCommand: self = .serving(AppRequest(type(of: serving), serving.given))
        default: self = .other(command)
        }
    }
}
