import CraterRunCore
import NIOCore

/// What a connection may take of us.
struct ConnectionLimits: Sendable {
    /// Connections at once. One more, and the one that has kept us waiting the longest has to go: slow clients must not keep the
    /// kubelet out.
    let connections: Int
    /// From the connection, or the last answer, to the end of the next request; and as long for an answer to be taken.
    let request = TimeAmount.seconds(5)
    /// After this, the next answer is the last one.
    let total = TimeAmount.seconds(60)
    /// Of a request's first line and headers, in bytes.
    let headers = 16 << 10
    /// Of a request's body, in bytes.
    let body: Int
}
