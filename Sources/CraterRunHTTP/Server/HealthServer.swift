package import CraterRunCore
package import CraterRunLinux
import FoundationEssentials
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers probes over TCP, and everything over the control socket, on one event-loop thread. The apps and the job do not depend
/// on it: what it cannot have is a line in the log.
package final class HealthServer {
    /// What the log says of its start, a line each.
    package let notes: [LogEntry]
    private let place: ControlPlace?

    private init(place: ControlPlace?, notes: [LogEntry]) {
        self.place = place
        self.notes = notes
    }

    /// Starts to answer.
    ///
    /// The thread is started with our signal mask: all has to be blocked by now.
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
                notes.append(LogEntry(.warning, "cannot say whose \(place.socket) is: \(problem); going on without"))
            }
        } catch {
            notes.append(LogEntry(.warning, "cannot answer at \(place.socket): \(reason(error)); going on without"))
            return HealthServer(place: nil, notes: notes)
        }
        return HealthServer(place: place, notes: notes)
    }

    /// Takes the control socket away; the process is about to end.
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
        // NIO traps where it cannot open what its loop needs.
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

/// What listens, and how its connections are answered.
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
                    let apps = exchange.snapshot.report.apps.filter { $0.state == .starting && $0.pid == nil }
                    options.noteHang(apps.map(\.name))
                    let message = "error: \(HealthAnswers.stuck) for 10 s: ending, to be started again"
                    ThisProcess.abandon(message, code: SupervisorExit.hung)
                }.begin()
            }
        }
    }

    /// All interfaces: the kubelet comes from the node's address. IPv4 alone where there is no IPv6.
    ///
    /// - Returns: the port.
    func listen(port: UInt16) throws -> UInt16 {
        let bootstrap = bootstrap(allowsChanges: false, body: 0)
        do {
            // Both families by one socket, whatever the host's default (ipv6(7)).
            let both = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 0)
            return try bound(both.bind(to: NIOCore.SocketAddress(ipAddress: "::", port: Int(port))).wait())
        } catch let error as IOError where HostReserve.isAddressUnavailable(error.errnoCode) {
            return try bound(bootstrap.bind(to: NIOCore.SocketAddress(ipAddress: "0.0.0.0", port: Int(port))).wait())
        }
    }

    /// At a unix socket that is bound, and belongs to the event loop from here on.
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
                    // A client that does not read its answers is not read from.
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
