import CraterRunCore
import CraterRunLinux
import NIOCore
import NIOHTTP1

/// A request, once all of it is there.
struct ServerRequest: Sendable {
    let method: HTTPMethod
    let target: RequestTarget
    let body: [UInt8]
    /// Whether who asks may change something: our own user may, and root.
    let mayChange: Bool
}
