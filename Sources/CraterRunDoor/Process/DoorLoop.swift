import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOPosix

/// A door's event loop, with the thread that reads its link.
package final class DoorLoop: Sendable {
    /// What a loop is started with.
    package struct Start: Sendable {
        /// A connected UNIX stream socket, whose other end is the supervisor's.
        package var link: Int32
        /// How many descriptors the process may have open.
        package var descriptors: Int
        /// Whether the loop counts seconds; otherwise ``DoorLoop/sweep(_:)`` does.
        package var isTimed = true
        /// Called when the loop serves, on its thread.
        package var started: @Sendable (DoorLoop) -> Void = { _ in }
        /// Called on the other thread when the link has ended, with why if that was not in order. The loop ends if this
        /// returns.
        package var ended: @Sendable (String?) -> Void

        package init(link: Int32, descriptors: Int, ended: @escaping @Sendable (String?) -> Void) {
            self.link = link
            self.descriptors = descriptors
            self.ended = ended
        }
    }

    private struct Parts {
        let server: DoorServer
        let link: DoorLink

        func sweep() {
            server.sweep()
            link.send()
        }
    }

    private let loop: any EventLoop
    private let parts: NIOLoopBound<Parts>

    private init(_ loop: any EventLoop, _ parts: Parts) {
        self.loop = loop
        self.parts = NIOLoopBound(parts, eventLoop: loop)
    }

    /// Runs a door on the calling thread until the link ends.
    package static func run(_ start: Start) {
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            let link = DoorLink(descriptor: start.link)
            let server = DoorServer(loop: loop, descriptors: start.descriptors) { link.tell($0) }
            let door = DoorLoop(loop, Parts(server: server, link: link))
            if start.isTimed {
                loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
                    door.parts.value.sweep()
                }
            }
            do throws(SystemCallError) {
                try DetachedThread.start {
                    var receiver = LinkReceiver(descriptor: start.link)
                    let reason = receiver.run { delivery in loop.execute { door.take(delivery) } }
                    start.ended(reason)
                    loop.shutdownGracefully { _ in }
                }
            } catch {
                start.ended("cannot read the link: \(error)")
                loop.shutdownGracefully { _ in }
            }
            start.started(door)
        }
    }

    private func take(_ delivery: LinkReceiver.Delivery) {
        let server = parts.value.server
        switch delivery.message {
        case .routes(let routes): server.update(routes)
        case .listen(let ports):
            for (port, descriptor) in zip(ports, delivery.descriptors) { server.listen(at: descriptor, port: port) }
        case .close(let ports):
            for port in ports { server.close(port: port) }
        case .ping(let number): server.pong(number)
        }
    }

    /// Lets so many seconds pass, as far as the door's own limits go. For tests, on any thread but the loop's.
    package func sweep(_ seconds: Int) {
        _ = try? loop.submit { for _ in 0..<seconds { self.parts.value.sweep() } }.wait()
    }
}
