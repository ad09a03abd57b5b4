import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOPosix

/// The connections to apps that wait for a request, and how new ones are opened. Used on the event loop.
///
/// A connection to an app and one from a client are kept and closed independently: an app may close after each response.
final class UpstreamPool {
    private struct Shelf {
        let backend: DoorBackend
        /// The one used last is at the end, and is used next: the others become old and are closed.
        var connections: [UpstreamConnection]
    }

    private let loop: any EventLoop
    private var shelves: [Shelf] = []
    /// How many connections to apps exist.
    private(set) var count = 0
    /// How many connections may exist before none is kept.
    private let capacity: Int

    init(loop: any EventLoop, capacity: Int) {
        self.loop = loop
        self.capacity = capacity
    }

    /// Takes a connection to this app from the pool.
    func take(_ backend: DoorBackend) -> UpstreamConnection? {
        for index in shelves.indices where shelves[index].backend == backend {
            return shelves[index].connections.popLast()
        }
        return nil
    }

    func keep(_ connection: UpstreamConnection) {
        guard count < capacity else { return connection.abandon() }
        for index in shelves.indices where shelves[index].backend == connection.backend {
            guard shelves[index].connections.count < DoorLimits.kept else { return connection.abandon() }
            shelves[index].connections.append(connection)
            return
        }
        shelves.append(Shelf(backend: connection.backend, connections: [connection]))
    }

    func forget(_ connection: UpstreamConnection) {
        for index in shelves.indices where shelves[index].backend == connection.backend {
            shelves[index].connections.removeAll { $0 === connection }
        }
    }

    /// Notes that a connection has been closed.
    func closed() { count -= 1 }

    /// Opens a connection. It is told of its success by its channel, and of a failure by
    /// ``UpstreamConnection/connectFailed()``.
    func open(_ connection: UpstreamConnection) {
        count += 1
        let bound = NIOLoopBound(connection, eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(Int64(DoorLimits.connecting) + 2))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = bound.value
                    try channel.setUp(
                        connection.server.buffers, firstRead: DoorLimits.firstOfApp, keepsAlive: false)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
        let future: EventLoopFuture<any Channel>
        // What NIO does to connect costs as much as several small requests.
        if let descriptor = ConnectedSocket.open(connection.backend.address) {
            future = bootstrap.withConnectedSocket(descriptor)
        } else {
            switch connection.backend {
            case .port(let port):
                guard let address = try? NIOCore.SocketAddress(ipAddress: "127.0.0.1", port: Int(port)) else {
                    return connection.connectFailed()
                }
                future = bootstrap.connect(to: address)
            case .socket(let path): future = bootstrap.connect(unixDomainSocketPath: path)
            }
        }
        future.assumeIsolated().whenFailure { _ in connection.connectFailed() }
    }

    /// Closes what has waited too long.
    func sweep(at tick: Int) {
        for shelf in shelves {
            for connection in shelf.connections where tick - connection.idleSince > DoorLimits.keptIdle {
                connection.abandon()
            }
        }
    }

    /// Closes the connections to apps that no route leads to.
    func keepOnly(_ backends: Set<DoorBackend>) {
        let others = shelves.filter { !backends.contains($0.backend) }
        for shelf in others {
            for connection in shelf.connections { connection.abandon() }
        }
        shelves.removeAll { !backends.contains($0.backend) }
    }
}

extension DoorBackend {
    fileprivate var address: CraterRunLinux.SocketAddress {
        switch self {
        case .port(let port): .loopback(port: port)
        case .socket(let path): .unix(path: path)
        }
    }
}
