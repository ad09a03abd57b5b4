import CraterRunCore
import CraterRunHTTP
import Foundation
import Synchronization

@testable import CraterRunLinux

/// A server in this process, with a port and a control socket of its own. What it began to listen at stays for the life of
/// the process.
struct TestHealthServer {
    let exchange: SupervisorExchange
    let server: HealthServer
    let instance: String
    /// Nil where none could be had, or none was asked for.
    let port: UInt16?
    let socket: String

    /// One at a time: their sockets have the process's pid in their names until they are in place.
    private static let starting = Mutex(0)
    /// Where the sockets of this process are, instead of where those of the machine's supervisors may be.
    private static let directory: String = {
        var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/crater-http.XXXXXX".utf8CString)
        _ = mkdtemp(&template)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        setenv("CRATER_RUN_DIR", path, 1)
        return path
    }()

    /// - Parameters:
    ///   - port: 0 for one that is free; nil for none.
    ///   - isAnswered: whether a reactor answers what is asked of it.
    init(
        port: UInt16? = 0,
        readyWhen: ReadyWhen = .any,
        isAnswered: Bool = true,
        answering answer: @escaping @Sendable (ControlCommand) -> ControlAnswer = { _ in .refused(reason: "not here") }
    ) throws {
        (exchange, server, instance, self.port, socket) = try TestHealthServer.starting.withLock { count in
            count += 1
            let instance = "test\(count)"
            let exchange = try SupervisorExchange(
                identity: SupervisorIdentity(
                    instance: instance, pid: getpid(), kind: .up, startedAt: MonotonicClock.now(),
                    startedAtDate: WallClock.now()))
            let directory = TestHealthServer.directory
            let options = HealthServerOptions(port: port, readyWhen: readyWhen, version: "1.2.3") { _ in
                .failure(Refusal("nothing is taken over"))
            }
            let server = HealthServer.start(exchange, options: options)
            for name in Directory.names(in: directory) ?? [] where name.hasSuffix(".json") {
                guard let bytes = try? SmallFile.read("\(directory)/\(name)"),
                    let state = try? JSONDecoder().decode(StateFile.self, from: Data(bytes)),
                    state.instance == instance
                else { continue }
                return (exchange, server, instance, state.port, "\(directory)/\(name.dropLast(5)).sock")
            }
            throw Failure("there is no control socket: \(server.notes)")
        }
        if isAnswered { turn(answering: answer) }
    }

    /// Leaves this as how everything stands.
    func publish(_ report: SupervisorReport, orphansReaped: Int = 0) {
        exchange.publish(report, orphansReaped: orphansReaped)
    }

    /// Turns as the reactor does, from now on.
    func turn(answering answer: @escaping @Sendable (ControlCommand) -> ControlAnswer = { _ in .unknown(names: []) }) {
        let exchange = exchange
        Thread.detachNewThread {
            var entry = pollfd(fd: exchange.descriptor, events: Int16(POLLIN), revents: 0)
            while true {
                _ = poll(&entry, 1, -1)
                exchange.hasTurned(at: MonotonicClock.now())
                for posted in exchange.take() {
                    switch posted.request {
                    case .ping: posted.reply(nil)
                    case .command(let command): posted.reply(answer(command))
                    }
                }
            }
        }
    }

    /// A connection to its port.
    func connect() throws -> RawConnection {
        guard let port else { throw Failure("it has no port: \(server.notes)") }
        return try RawConnection(port: port)
    }

    /// The answer to a request over TCP by a client that wants no more.
    func ask(_ text: String, isHead: Bool = false) throws -> RawAnswer {
        let connection = try connect()
        try connection.send(text)
        return try connection.answer(isHead: isHead)
    }

    /// The same to a GET.
    func get(_ path: String) throws -> RawAnswer { try ask(RawConnection.get(path)) }
}

/// What went wrong in a test's own machinery, or what did not come about.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
