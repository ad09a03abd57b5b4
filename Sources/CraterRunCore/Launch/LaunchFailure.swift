/// Why an app could not be started.
package enum LaunchFailure: Error, Equatable, Sendable {
    /// The program does not exist, or the interpreter of the script does not.
    case notFound(String)
    /// The search found the program nowhere.
    case missing(MissingProgram)
    /// The program exists, but cannot be executed (EACCES, a directory, ENOEXEC).
    case notExecutable(String)
    /// The settings contradict the rule.
    case misconfigured(String)
    /// Another process listens on the port. `holder` names that process if it is known.
    case portBusy(port: UInt16, holder: String?)
    /// The host refused for now (EAGAIN, ENOMEM, EMFILE, ETXTBSY). Another try may succeed, and the app is not at
    /// fault.
    case temporary(String)
    /// The key of the front door's login cannot be had. `file`: the user's file with the key; nil for a key that
    /// crater-run makes. `why`: the end of a sentence.
    case noKey(file: String?, why: String)

    /// The reason, for a person; follows "cannot start NAME: ".
    package var reason: String {
        switch self {
        case .missing(let program): program.reason
        case .notFound(let reason), .notExecutable(let reason), .misconfigured(let reason), .temporary(let reason):
            reason
        case .noKey(.some(let file), let why): "cannot read the key of its login from \(file): \(why)"
        case .noKey(.none, let why): "cannot make a key for its login: \(why)"
        case .portBusy(let port, .some(let holder)):
            "port \(port) is in use by \(holder)"
        case .portBusy(let port, .none):
            "port \(port) is in use by a process that cannot be seen from here (perhaps in another container of the pod)"
        }
    }

    /// Why the front door shows nobody the app; nil if that has nothing to do with its login. The file is not in it.
    var lock: DoorLock? {
        switch self {
        case .noKey(.some, let why): DoorLock(failure: "the key of its login cannot be read: \(why)")
        case .noKey(.none, let why): DoorLock(failure: "a key for its login cannot be made: \(why)")
        case .notFound, .missing, .notExecutable, .misconfigured, .portBusy, .temporary: nil
        }
    }

    /// Whether a reason that a supervisor reports is that the program is missing or cannot be executed.
    static func isOfProgram(_ reason: String) -> Bool {
        reason.hasPrefix("there is no") || reason.hasPrefix("cannot execute ")
    }

    /// Every place where the program was looked for.
    package var places: [String] { if case .missing(let program) = self { program.places } else { [] } }

    /// The exit code for a failure that another try cannot mend; nil for the others.
    package var exitCode: Int32? {
        switch self {
        case .notFound, .missing: 127
        case .notExecutable: 126
        case .misconfigured: 64
        case .portBusy, .temporary, .noKey: nil
        }
    }
}
