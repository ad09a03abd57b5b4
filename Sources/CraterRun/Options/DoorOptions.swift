import ArgumentParser
import CraterRunCore

/// The options for the front door.
struct DoorOptions: ParsableArguments {
    @Flag(.door) var door = false
    @Flag(.login) var login = false
    @Flag(.stripPrefix) var stripPrefix = false
    @Option(.sleepAfter) var sleepAfter: String?

    var given: GivenWords {
        var given = GivenWords()
        given.add(.door, door)
        given.add(flag: .login, login)
        given.add(.stripPrefix, stripPrefix)
        given.add(.sleepAfter, sleepAfter)
        return given
    }
}
