import CraterRunCore
import NIOCore

/// The limits of a listener's connections.
struct ConnectionLimits: Sendable {
    /// The most connections at once. If one more comes, the connection that has kept us waiting the longest is closed:
    /// slow clients must not keep the kubelet out.
    let connections: Int
    /// The longest time from the connection's start, or from its last answer, to the end of the next request. A client
    /// may take as long to read an answer.
    let request = TimeAmount.seconds(5)
    /// After this time, the next answer is the connection's last one.
    let total = TimeAmount.seconds(60)
    /// The most bytes of a request's path, and of its headers.
    let headers = 16 << 10
    /// The most bytes of a request's body.
    let body: Int
}
