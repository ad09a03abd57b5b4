import CraterRunCore
import CraterRunLinux
import FoundationEssentials
import NIOCore
import NIOHTTP1

/// Finds out which user is at the other end of a unix socket.
enum Peer {
    static func credentials(of channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(PeerCredentials())
        }
        let name = NIOBSDSocket.Option(rawValue: CInt(PeerCredentials.optionNumber))
        return provider.unsafeGetSocketOption(level: .socket, name: name)
    }
}
