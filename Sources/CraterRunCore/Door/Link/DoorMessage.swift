/// What a supervisor tells a door.
package enum DoorMessage: Equatable, Sendable {
    /// The routes that hold from now on, whole.
    case routes(DoorRoutes)
    /// Listening sockets at these ports come with this frame, as descriptors in the same order (unix(7), SCM_RIGHTS). The
    /// door accepts at them from now on.
    case listen(ports: [UInt16])
    /// The door accepts at these ports no longer, and closes their sockets. Connections that exist stay.
    case close(ports: [UInt16])
    /// The door answers with ``DoorReply/pong(_:)`` and the same number, from its event loop.
    case ping(UInt64)
}
