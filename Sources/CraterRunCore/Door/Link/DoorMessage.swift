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

extension DoorMessage: LinkFrame {
    package func write(to writer: inout LinkWriter) {
        switch self {
        case .routes(let routes):
            writer.write(UInt8(1))
            routes.write(to: &writer)
        case .listen(let ports):
            writer.write(UInt8(2))
            writer.write(list: ports) { $0.write($1) }
        case .close(let ports):
            writer.write(UInt8(3))
            writer.write(list: ports) { $0.write($1) }
        case .ping(let number):
            writer.write(UInt8(4))
            writer.write(number)
        }
    }

    package init(from reader: inout LinkReader) throws(LinkFailure) {
        switch try reader.number(UInt8.self) {
        case 1: self = .routes(try DoorRoutes(from: &reader))
        case 2: self = .listen(ports: try reader.list { reader throws(LinkFailure) in try reader.port() })
        case 3: self = .close(ports: try reader.list { reader throws(LinkFailure) in try reader.port() })
        case 4: self = .ping(try reader.number())
        case let kind: throw .malformed("there is no message of kind \(kind)")
        }
    }
}
