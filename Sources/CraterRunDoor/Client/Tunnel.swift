import CraterRunCore
import NIOCore

/// What a client's connection counts once its bytes pass as they are.
struct Tunnel {
    let use: AppUse
    /// What finds a person's messages.
    private enum Finder {
        /// In a websocket.
        case messages(MessageScanner)
        /// All bytes are a person's: nobody knows what they are.
        case bytes
        /// The page sends by itself here.
        case nothing
    }
    private var finder: Finder

    /// - Parameter request: the request that has opened the tunnel.
    init(_ request: RequestHead, _ kind: RequestUse, of use: AppUse) {
        self.use = use
        let isWebsocket = request[.upgrade].map { request.headers.equals($0, ignoringCase: "websocket") } ?? false
        switch kind {
        case .ownSocket: finder = .nothing
        case .socket(let shortest) where isWebsocket: finder = .messages(MessageScanner(shortest: shortest))
        case .socket, .person, .timed, .following: finder = .bytes
        }
    }

    /// Notes what the client has sent.
    mutating func take(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        use.received &+= UInt64(bytes.readableBytes)
        switch finder {
        case .messages(var scanner):
            // Otherwise the scanner's bytes would be copied.
            finder = .nothing
            if scanner.scan(bytes.readableBytesUInt8Span) { use.isUsed = true }
            finder = .messages(scanner)
        case .bytes: use.isUsed = true
        case .nothing: break
        }
    }
}
