/// A kill by the kernel because memory had run out.
package struct OutOfMemoryKill: Equatable, Sendable {
    /// Which memory ran out.
    package enum Place: Equatable, Sendable {
        /// The container's limit, in bytes.
        case limit(UInt64)
        /// The Pod's or the node's memory; the container had not reached its own limit.
        case outside
        case unknown
    }

    package let place: Place

    package init(_ place: Place) {
        self.place = place
    }

    /// The cause, for a person: follows "was killed by SIGKILL".
    package var cause: String {
        let reason =
            switch place {
            case .limit(let bytes): "the container's memory limit of \(ByteCount.describe(bytes)) was reached"
            case .outside: "the Pod's or the node's memory had run out"
            case .unknown: "memory had run out"
            }
        return "the kernel's OOM killer: \(reason)"
    }
}
