import CraterRunLinux
import NIOCore
import NIOPosix

/// A listening socket whose connections are accepted. While the door is full, or has no descriptor left, connections
/// wait in the socket's queue.
final class Listener {
    private let gate: AcceptGate
    private let channel: EventLoopFuture<any Channel>

    init(descriptor: Int32, port: UInt16, server: DoorServer) {
        let gate = AcceptGate(server: server, port: port)
        self.gate = gate
        let bound = NIOLoopBound((gate, server), eventLoop: server.loop)
        channel = ServerBootstrap(group: server.loop)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelOption(.maxMessagesPerRead, value: 16)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value.0)
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let server = bound.value.1
                    try channel.setUp(server.buffers, firstRead: DoorLimits.firstOfClient, keepsAlive: true)
                    let connection = ClientConnection(server: server, port: port)
                    try channel.pipeline.syncOperations.addHandler(connection)
                }
            }
            .withBoundSocket(descriptor)
        channel.assumeIsolated().whenComplete { result in
            switch result {
            // NIO has listened with a queue of its own length.
            case .success: _ = try? SocketAddress.listen(at: descriptor, backlog: 1024)
            case .failure(let error): server.report("cannot accept connections at port \(port): \(error)")
            }
        }
    }

    /// Accepts again, if the listener had to wait.
    func resume() { gate.resume() }

    func close() {
        channel.assumeIsolated().whenSuccess { $0.close(promise: nil) }
    }
}
