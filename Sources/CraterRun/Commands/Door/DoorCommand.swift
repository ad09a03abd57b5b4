import ArgumentParser
import CraterRunCore
import CraterRunDoor
import CraterRunLinux

/// `crater-run door`: the front door's process. Only a supervisor starts it.
struct DoorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "door", shouldDisplay: false)

    @Option(.link) var link: Int32

    var given: GivenWords {
        var given = GivenWords()
        given.add(.link, String(link))
        return given
    }

    /// The descriptor of the link; nil if the words name none.
    static func link(_ given: GivenWords) -> Int32? {
        var settings = Settings(given, variables: { _ in nil })
        return settings.read(.link)
    }

    /// Serves until the supervisor ends, or says otherwise.
    ///
    /// - Returns: the exit code.
    static func run(link: Int32) -> Int32 {
        ThisProcess.becomeDoor()
        return DoorProcess.run(link: link)
    }
}
