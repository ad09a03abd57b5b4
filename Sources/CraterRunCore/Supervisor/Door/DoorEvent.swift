/// An event for a supervisor's front door.
package enum DoorEvent: Equatable, Sendable {
    case listening(UInt16)
    case listenFailed(UInt16, LaunchFailure)
    case started(pid: Int32)
    /// The reason follows "cannot start the front door: ".
    case startFailed(String)
    /// The door's process has ended, or could not execute its program.
    case ended(ExitStatus)
    case said(DoorReply)
    /// What the door's process does; nil if the host does not show it.
    case observed(ProcessStanding?)
    /// The door does not take what it is told, or says what cannot be understood. The reason follows "the front door ".
    case linkFailed(String)
}
