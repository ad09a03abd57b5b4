import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOHTTP1

/// A request that has been read to its end.
struct ServerRequest: Sendable {
    let method: HTTPMethod
    let target: RequestTarget
    let body: [UInt8]
    /// Whether the client may change something: our own user and root may.
    let mayChange: Bool
}
