/// The home page's content as the fields of a frame.
extension HomeView {
    func write(to writer: inout LinkWriter) {
        writer.write(host)
        writer.write(optional: job) { $1.write(to: &$0) }
        writer.write(list: tiles) { $1.write(to: &$0) }
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        host = try reader.text()
        job = try reader.optional { reader throws(LinkFailure) in try HomeJob(from: &reader) }
        tiles = try reader.list { reader throws(LinkFailure) in try HomeTile(from: &reader) }
    }
}

extension HomeJob {
    func write(to writer: inout LinkWriter) {
        writer.write(command)
        writer.write(startedAt)
        writer.write(optional: exitCode) { $0.write($1) }
        writer.write(optional: endedAt) { $0.write($1) }
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        command = try reader.text()
        startedAt = try reader.time()
        exitCode = try reader.optional { reader throws(LinkFailure) in try reader.number() }
        endedAt = try reader.optional { reader throws(LinkFailure) in try reader.time() }
    }
}

extension HomeTile {
    func write(to writer: inout LinkWriter) {
        writer.write(app)
        writer.write(title)
        writer.write(about)
        writer.write(optional: link) { $0.write($1) }
        state.write(to: &writer)
        writer.write(isStarted)
        writer.write(hasButtons)
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        app = try reader.text()
        title = try reader.text()
        about = try reader.text()
        link = try reader.optional { reader throws(LinkFailure) in try reader.text() }
        state = try DoorAppState(from: &reader)
        isStarted = try reader.flag()
        hasButtons = try reader.flag()
    }
}

extension DoorLoginPlace {
    func write(to writer: inout LinkWriter) {
        writer.write(app)
        writer.write(prefix.withTrailingSlash)
    }

    init(from reader: inout LinkReader) throws(LinkFailure) {
        let app = try reader.text()
        self.init(app: app, prefix: try reader.prefix())
    }
}

extension HomeVerb {
    init(from reader: inout LinkReader) throws(LinkFailure) {
        guard let verb = HomeVerb(rawValue: try reader.text()) else { throw .malformed("there is no such command") }
        self = verb
    }
}
