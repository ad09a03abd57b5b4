/// Routes as the fields of a frame.
extension DoorRoutes {
    func write(to writer: inout LinkWriter) {
        writer.write(generation)
        writer.write(list: routes) { $1.write(to: &$0) }
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        let generation = try reader.number(UInt64.self)
        let routes = try reader.list { reader throws(LinkFailure) in try DoorRoute(from: &reader) }
        self.init(generation: generation, routes: routes)
    }
}

extension DoorRoute {
    func write(to writer: inout LinkWriter) {
        writer.write(app)
        writer.write(port)
        writer.write(prefix.withTrailingSlash)
        writer.write(optional: backend) { $1.write(to: &$0) }
        writer.write(strips)
        writer.write(optional: publicHost) { $0.write($1) }
        writer.write(optional: login) { $1.write(to: &$0) }
        writer.write(optional: lock) { $0.write(optional: $1.failure) { $0.write($1) } }
        state.write(to: &writer)
        writer.write(optional: loginPlace) { $1.write(to: &$0) }
        polls.write(to: &writer)
        writer.write(optional: home) { $1.write(to: &$0) }
    }

    convenience init(from reader: inout LinkReader) throws(LinkFailure) {
        let app = try reader.text()
        let port = try reader.port()
        let prefix = try reader.prefix()
        self.init(
            app: app,
            port: port,
            prefix: prefix,
            backend: try reader.optional { reader throws(LinkFailure) in try DoorBackend(from: &reader) },
            strips: try reader.flag(),
            publicHost: try reader.optional { reader throws(LinkFailure) in try reader.text() },
            login: try reader.optional { reader throws(LinkFailure) in try DoorLogin(from: &reader) },
            lock: try reader.optional { reader throws(LinkFailure) in
                DoorLock(failure: try reader.optional { reader throws(LinkFailure) in try reader.text() })
            },
            state: try DoorAppState(from: &reader),
            loginPlace: try reader.optional { reader throws(LinkFailure) in try DoorLoginPlace(from: &reader) },
            polls: try PollTable(from: &reader),
            home: try reader.optional { reader throws(LinkFailure) in try HomeView(from: &reader) }
        )
    }
}

extension DoorBackend {
    func write(to writer: inout LinkWriter) {
        switch self {
        case .port(let port):
            writer.write(UInt8(1))
            writer.write(port)
        case .socket(let path):
            writer.write(UInt8(2))
            writer.write(path)
        }
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        switch try reader.number(UInt8.self) {
        case 1: self = .port(try reader.port())
        case 2: self = .socket(path: try reader.text())
        case let kind: throw .malformed("there is no backend of kind \(kind)")
        }
    }
}

extension DoorLogin {
    func write(to writer: inout LinkWriter) {
        writer.write(keyDigest)
        writer.write(signingKey)
        writer.write(lasts)
    }

    convenience init(from reader: inout LinkReader) throws(LinkFailure) {
        let (digest, key) = (try reader.blob(), try reader.blob())
        // A login with an empty key would let everybody in who knows that.
        guard digest.count == 32, key.count == 32 else { throw .malformed("a login has no key") }
        self.init(keyDigest: digest, signingKey: key, lasts: try reader.number())
    }
}

extension PollTable {
    func write(to writer: inout LinkWriter) {
        for patterns in [timed, following, sockets] { writer.write(list: patterns) { $0.write($1.text) } }
        writer.write(Int64(shortestMessage))
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        func patterns() throws(LinkFailure) -> [PathPattern] {
            try reader.list { reader throws(LinkFailure) in PathPattern(try reader.text()) }
        }
        self.init(
            timed: try patterns(), following: try patterns(), sockets: try patterns(),
            shortestMessage: Int(clamping: try reader.number(Int64.self)))
    }
}

extension DoorAppState {
    func write(to writer: inout LinkWriter) {
        writer.write(state.rawValue)
        writer.write(since)
        writer.write(Int64(restarts))
        writer.write(optional: reason) { $0.write($1) }
        writer.write(optional: cure) { $0.write($1) }
        writer.write(optional: retryAt) { $0.write($1) }
        writer.write(list: lastLines) { $0.write($1) }
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        guard let state = AppState(rawValue: try reader.text()) else { throw .malformed("there is no such state") }
        self.init(
            state,
            since: try reader.time(),
            restarts: Int(clamping: try reader.number(Int64.self)),
            reason: try reader.optional { reader throws(LinkFailure) in try reader.text() },
            cure: try reader.optional { reader throws(LinkFailure) in try reader.text() },
            retryAt: try reader.optional { reader throws(LinkFailure) in try reader.time() },
            lastLines: try reader.list { reader throws(LinkFailure) in try reader.text() }
        )
    }
}

extension LinkReader {
    /// 1…65535.
    mutating func port() throws(LinkFailure) -> UInt16 {
        let port = try number(UInt16.self)
        guard port > 0 else { throw .malformed("a port is 0") }
        return port
    }

    mutating func prefix() throws(LinkFailure) -> PathPrefix {
        guard let prefix = try? PathPrefix(try text()) else { throw .malformed("a prefix is none") }
        return prefix
    }
}
