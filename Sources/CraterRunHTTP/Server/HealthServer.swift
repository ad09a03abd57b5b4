package import CraterRunCore
package import CraterRunLinux
import FoundationEssentials
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers probes over TCP, and all requests over the control socket, on one event-loop thread. The apps and the job do
/// not depend on the server: if it cannot get a port, a socket or a thread, it logs that and goes on without.
package final class HealthServer {
    /// The log entries about the server's start.
    package let notes: [LogEntry]
    private let place: ControlPlace?

    private init(place: ControlPlace?, notes: [LogEntry]) {
        self.place = place
        self.notes = notes
    }

    /// Starts the server.
    ///
    /// The server's thread inherits our signal mask, so all signals must be blocked before.
    package static func start(_ exchange: SupervisorExchange, options: HealthServerOptions) -> HealthServer {
        let loop: any EventLoop
        do throws(SystemCallError) { loop = try eventLoop() } catch {
            return HealthServer(
                place: nil, notes: [LogEntry(.warning, "cannot answer probes and status: \(error); going on without")])
        }
        let listeners = Listeners(exchange: exchange, options: options, loop: loop)
        var notes: [LogEntry] = []
        var port: UInt16?
        if let wanted = options.port {
            do {
                port = try listeners.listen(port: wanted)
            } catch {
                let why = reason(error)
                notes.append(
                    LogEntry(
                        .warning, "cannot answer probes at port \(wanted): \(why); going on without (--health-port)"))
            }
        }
        let identity = exchange.snapshot.identity
        let search = ControlPlace.find(instance: identity.instance)
        notes += search.notes
        guard let place = search.place else { return HealthServer(place: nil, notes: notes) }
        do {
            try listeners.listen(socket: place.bind())
            let state = StateFile(
                instance: identity.instance, pid: identity.pid, kind: identity.kind.rawValue, port: port)
            if let problem = try place.open(state: Array(JSONText.encode(state).utf8)) {
                notes.append(
                    LogEntry(
                        .warning, "cannot write the state file of \(place.socket): \(problem); going on without it"))
            }
        } catch {
            notes.append(LogEntry(.warning, "cannot answer at \(place.socket): \(reason(error)); going on without"))
            return HealthServer(place: nil, notes: notes)
        }
        return HealthServer(place: place, notes: notes)
    }

    /// Removes the control socket. The process must end after that.
    package func close() { place?.close() }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: systemErrorText(error.errnoCode)
        case let error as SystemCallError: error.description
        default: "\(error)"
        }
    }

    /// An event loop on a thread of its own.
    private static func eventLoop() throws(SystemCallError) -> any EventLoop {
        // NIO traps if it cannot open the descriptors that its event loop needs.
        guard HostReserve.hasDescriptors(16) else {
            throw SystemCallError(call: "open", number: HostReserve.noDescriptors)
        }
        let started = ConditionLock(value: 0)
        let box = NIOLockedValueBox<(any EventLoop)?>(nil)
        try DetachedThread.start {
            MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
                box.withLockedValue { $0 = loop }
                started.lock()
                started.unlock(withValue: 1)
            }
        }
        started.lock(whenValue: 1)
        started.unlock()
        guard let loop = box.withLockedValue({ $0 }) else {
            throw SystemCallError(call: "epoll_create1", number: HostReserve.noDescriptors)
        }
        return loop
    }
}

/// Opens listeners, and sets up how their connections are answered.
private struct Listeners {
    let exchange: SupervisorExchange
    let options: HealthServerOptions
    let loop: any EventLoop
    private let pings: NIOLoopBoundBox<ReactorPings>

    init(exchange: SupervisorExchange, options: HealthServerOptions, loop: any EventLoop) {
        self.exchange = exchange
        self.options = options
        self.loop = loop
        pings = NIOLoopBoundBox.makeBoxSendingValue(ReactorPings(exchange: exchange, loop: loop), eventLoop: loop)
        if options.endsWithReactor {
            loop.execute {
                ReactorWatch(exchange: exchange, loop: loop) {
                    let report = exchange.snapshot.report
                    // While the supervisor takes over, launches are held: no app can be the cause.
                    let apps = report.apps.filter { !report.isTakingOver && $0.state == .starting && $0.pid == nil }
                    options.noteHang(apps.map(\.name))
                    let message = "error: \(HealthAnswers.stuck) for 10 s: ending, to be started again"
                    ThisProcess.abandon(message, code: SupervisorExit.hung)
                }.begin()
            }
        }
    }

    /// Listens on all interfaces, since the kubelet connects from the node's address. Where there is no IPv6, listens
    /// on IPv4 alone.
    ///
    /// - Returns: the port.
    func listen(port: UInt16) throws -> UInt16 {
        let bootstrap = bootstrap(allowsChanges: false, body: 0)
        do {
            // One socket serves IPv6 and IPv4, whatever the host's default is (ipv6(7)).
            let both = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 0)
            return try bound(both.bind(to: NIOCore.SocketAddress(ipAddress: "::", port: Int(port))).wait())
        } catch let error as IOError where HostReserve.isAddressUnavailable(error.errnoCode) {
            return try bound(bootstrap.bind(to: NIOCore.SocketAddress(ipAddress: "0.0.0.0", port: Int(port))).wait())
        }
    }

    /// Listens at a unix socket that is bound. From then on, the socket belongs to the event loop.
    func listen(socket: Int32) throws {
        _ = try bootstrap(allowsChanges: true, body: HandOver.sizeLimit).withBoundSocket(socket).wait()
        try CraterRunLinux.SocketAddress.listen(at: socket, backlog: 256)
    }

    private func bound(_ channel: any Channel) -> UInt16 {
        channel.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? 0
    }

    private func bootstrap(allowsChanges: Bool, body: Int) -> ServerBootstrap {
        let connections = min(max(HostReserve.descriptorLimit / 8, 8), 256)
        let limits = ConnectionLimits(connections: connections, body: body)
        let (exchange, options, pings) = (exchange, options, pings)
        let table = NIOLoopBoundBox.makeBoxSendingValue(ConnectionTable(capacity: limits.connections), eventLoop: loop)
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    var sizes = NIOHTTPDecoderLimitConfiguration()
                    sizes.maxHeaderFieldSize = limits.headers
                    sizes.maxHeaderListSize = limits.headers
                    sizes.maxHeaderFieldCount = 100
                    // Nothing more is read from a client that does not read its answers.
                    try pipeline.addHandler(BackPressureHandler())
                    try pipeline.configureHTTPServerPipeline(
                        withEncoderConfiguration: .init(), withDecoderLimitConfiguration: sizes)
                    let responder = Responder(
                        exchange: exchange, options: options, allowsChanges: allowsChanges, pings: pings.value)
                    try pipeline.addHandler(RequestHandler(responder: responder, limits: limits, table: table.value))
                }
            }
    }
}
