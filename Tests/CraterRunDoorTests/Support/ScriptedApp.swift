import CraterRunLinux
import Glibc

/// An app that does what the test says, byte by byte.
final class ScriptedApp: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws { (descriptor, port) = try Loopback.listen() }

    deinit { close(descriptor) }

    /// The next connection of the door to the app.
    func accept() throws -> Peer {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, TestTime.milliseconds) == 1 else { throw Failure("the door does not connect") }
        return Peer(descriptor: try systemCall("accept") { Glibc.accept(descriptor, nil, nil) })
    }

    /// Whether a connection waits to be accepted.
    var hasNews: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }
}
