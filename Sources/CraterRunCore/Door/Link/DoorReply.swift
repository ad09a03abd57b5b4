/// What a door tells its supervisor.
package enum DoorReply: Equatable, Sendable {
    /// The door serves the routes with this generation.
    case serving(UInt64)
    /// The use of those apps whose use has changed since the last such reply.
    case activity([DoorActivity])
    case pong(UInt64)
    /// Something that belongs into the supervisor's log: one line, without keys, cookies and queries.
    case trouble(String)
    /// Somebody who has logged in wants this of the app with this name. The app has a tile on the home page.
    case command(app: String, HomeVerb)
}

extension DoorReply: LinkFrame {
    package func write(to writer: inout LinkWriter) {
        switch self {
        case .serving(let generation):
            writer.write(UInt8(1))
            writer.write(generation)
        case .activity(let apps):
            writer.write(UInt8(2))
            writer.write(list: apps) { $1.write(to: &$0) }
        case .pong(let number):
            writer.write(UInt8(3))
            writer.write(number)
        case .trouble(let text):
            writer.write(UInt8(4))
            writer.write(text)
        case .command(let app, let verb):
            writer.write(UInt8(5))
            writer.write(app)
            writer.write(verb.rawValue)
        }
    }

    package init(from reader: inout LinkReader) throws(LinkFailure) {
        switch try reader.number(UInt8.self) {
        case 1: self = .serving(try reader.number())
        case 2:
            self = .activity(try reader.list { reader throws(LinkFailure) in try DoorActivity(from: &reader) })
        case 3: self = .pong(try reader.number())
        case 4: self = .trouble(try reader.text())
        case 5:
            let app = try reader.text()
            self = .command(app: app, try HomeVerb(from: &reader))
        case let kind: throw .malformed("there is no reply of kind \(kind)")
        }
    }
}
